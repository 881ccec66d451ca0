# What a package holds: the program with its own copy of LibTorch, which Debian has no current one of, in lib/moescope; menu entry,
# icon, file types, manual page and completion. The program finds its libraries beside itself, wherever the folder lies.
include(GNUInstallDirs)
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)
set(private_folder lib/moescope)
set_target_properties(moescope PROPERTIES INSTALL_RPATH "$ORIGIN/../${private_folder}" INSTALL_RPATH_USE_LINK_PATH OFF)
# DT_RPATH rather than DT_RUNPATH: it also serves the libraries that the libraries need.
target_link_options(moescope PRIVATE "LINKER:--disable-new-dtags")

install(TARGETS moescope RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
# Without CUDA's own libraries: LibTorch's CPU part needs only the runtime and CUPTI.
foreach(name libtorch_cpu.so libc10.so libgomp.so.1)
  list(APPEND private_libraries ${MOESCOPE_TORCH}/lib/${name})
endforeach()
file(GLOB cuda_stubs "${MOESCOPE_TORCH}/../nvidia/*/lib/libcudart.so.*" "${MOESCOPE_TORCH}/../nvidia/*/lib/libcupti.so.*")
foreach(library ${private_libraries} ${cuda_stubs})
  if(EXISTS ${library})
    install(PROGRAMS ${library} DESTINATION ${private_folder})
  endif()
endforeach()

install(FILES resources/moescope.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
install(FILES resources/moescope.svg DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
install(FILES resources/moescope-types.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages RENAME moescope.xml)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/moescope RENAME copyright)
# What the program says of itself is written while it is installed: it can run here.
install(CODE "
  file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
  execute_process(COMMAND $<TARGET_FILE:moescope> manual OUTPUT_FILE ${CMAKE_BINARY_DIR}/package/moescope.1 COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND $<TARGET_FILE:moescope> completion OUTPUT_FILE ${CMAKE_BINARY_DIR}/package/moescope COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND gzip -9nf ${CMAKE_BINARY_DIR}/package/moescope.1 COMMAND_ERROR_IS_FATAL ANY)")
install(FILES ${CMAKE_BINARY_DIR}/package/moescope.1.gz DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${CMAKE_BINARY_DIR}/package/moescope DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME moescope)
set(CPACK_PACKAGE_VENDOR "Moescope")
set(CPACK_PACKAGE_CONTACT "The developers of Moescope <maintainers@moescope.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "the geometry of Mixture-of-Experts routing, live")
string(CONCAT CPACK_DEBIAN_PACKAGE_DESCRIPTION
  "A small Mixture-of-Experts language model trains in the window on real text, and linked views show how its router divides the "
  "work; one slider moves routing from uniform to one expert for each token. This package carries LibTorch for CPUs.")
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_STRIP_FILES ON)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS "${MOESCOPE_TORCH}/lib")
foreach(library ${cuda_stubs})
  get_filename_component(folder ${library} DIRECTORY)
  list(APPEND CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${folder})
endforeach()
# What is loaded by name, or started, and so not found by looking at the program.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "qt6-qpa-plugins, libgl1-mesa-dri, libegl1, fonts-dejavu-core, xvfb")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "qt6-wayland, qt6-translations-l10n, fonts-noto-cjk, ffmpeg, debian-faq, debian-faq-de, debian-faq-fr, debian-faq-it, debian-faq-nl, debian-faq-ru, debian-faq-ja, debian-faq-zh-cn, debian-reference-en, debian-reference-de, debian-reference-fr, debian-reference-it, debian-reference-ja, debian-reference-zh-cn")
include(CPack)
