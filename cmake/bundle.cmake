# cmake -DFOLDER=installed -P bundle.cmake
# Makes an installed folder run without the distribution's Qt and VTK: copies every library that the program and Qt's plug-ins need
# into lib/moescope, but those of the system itself: C and C++ run time, and what must fit the machine's own display and drivers.
cmake_minimum_required(VERSION 3.25)
set(private_folder ${FOLDER}/lib/moescope)

execute_process(COMMAND qtpaths6 --plugin-dir OUTPUT_VARIABLE plugins OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE failed)
if(failed)
  file(GLOB plugins /usr/lib/*/qt6/plugins)
endif()
foreach(kind platforms xcbglintegrations egldeviceintegrations wayland-shell-integration wayland-graphics-integration-client
        wayland-decoration-client imageformats)
  if(EXISTS ${plugins}/${kind})
    file(COPY ${plugins}/${kind} DESTINATION ${private_folder}/plugins)
  endif()
endforeach()
file(GLOB_RECURSE plugin_files ${private_folder}/plugins/*.so)

file(GET_RUNTIME_DEPENDENCIES EXECUTABLES ${FOLDER}/bin/moescope LIBRARIES ${plugin_files} DIRECTORIES ${private_folder}
  RESOLVED_DEPENDENCIES_VAR found UNRESOLVED_DEPENDENCIES_VAR missing CONFLICTING_DEPENDENCIES_PREFIX twice
  PRE_EXCLUDE_REGEXES "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv|util|stdc\\+\\+|gcc_s)\\.so"
    "^lib(GL|EGL|GLX|OpenGL|GLdispatch|gbm|drm|vulkan|wayland-[a-z]+|X11|X11-xcb|xcb|xcb-dri[23]|xcb-glx|Xext|Xau|Xdmcp|fontconfig|freetype|dbus-1|systemd|udev)\\.so"
  POST_EXCLUDE_REGEXES "^${private_folder}/")
if(missing)
  message(FATAL_ERROR "not found: ${missing}")
endif()
foreach(name ${twice_FILENAMES})  # the distribution has LibTorch's libgomp too: the private one serves
  list(GET twice_${name} 0 first)
  if(NOT EXISTS ${private_folder}/${name})
    list(APPEND found ${first})
  endif()
endforeach()
foreach(library ${found})
  file(COPY ${library} DESTINATION ${private_folder} FOLLOW_SYMLINK_CHAIN)
endforeach()
# A library that names folders of its own would not be looked for beside the program.
file(GLOB copied ${private_folder}/*.so*)
foreach(library ${copied})
  if(NOT IS_SYMLINK ${library} AND NOT library MATCHES "libtorch|libc10")
    execute_process(COMMAND patchelf --remove-rpath ${library} COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()

foreach(font DejaVuSans.ttf DejaVuSans-Bold.ttf)
  if(EXISTS /usr/share/fonts/truetype/dejavu/${font})
    file(COPY /usr/share/fonts/truetype/dejavu/${font} DESTINATION ${private_folder}/fonts)
  endif()
endforeach()
execute_process(COMMAND qtpaths6 --query QT_INSTALL_TRANSLATIONS OUTPUT_VARIABLE translations OUTPUT_STRIP_TRAILING_WHITESPACE)
file(GLOB languages ${CMAKE_CURRENT_LIST_DIR}/../resources/languages/moescope_*.ts)
foreach(language ${languages})  # of Qt's own dialogs, those that Moescope speaks
  string(REGEX REPLACE ".*moescope_(.*)\\.ts$" "qtbase_\\1.qm" words ${language})
  if(EXISTS ${translations}/${words})
    file(COPY ${translations}/${words} DESTINATION ${private_folder}/translations)
  endif()
endforeach()
file(RELATIVE_PATH up ${FOLDER}/bin ${private_folder})
file(WRITE ${FOLDER}/bin/qt.conf "[Paths]\nPlugins = ${up}/plugins\nTranslations = ${up}/translations\n")
