# Target moescope::torch from the PyPI wheel in build/deps/torch, or from any LibTorch that MOESCOPE_TORCH points at (the
# folder that holds lib/ and include/). Links torch_cpu and c10 directly: find_package(Torch) of a CUDA wheel demands a
# toolkit that a CPU machine need not have.
set(MOESCOPE_TORCH "${PROJECT_SOURCE_DIR}/build/deps/torch/torch" CACHE PATH "Folder of LibTorch with lib/ and include/")
if(NOT EXISTS "${MOESCOPE_TORCH}/lib/libtorch_cpu.so")
  message(FATAL_ERROR "LibTorch is not in ${MOESCOPE_TORCH}; ./run fetches it, or set MOESCOPE_TORCH")
endif()
file(GLOB torch_cuda_runtime "${MOESCOPE_TORCH}/../nvidia/*/lib/libcudart.so*" "${MOESCOPE_TORCH}/../nvidia/*/lib/libcupti.so*"
     "${MOESCOPE_TORCH}/../nvidia/*/lib64/libcudart.so*")
set(torch_rpath "${MOESCOPE_TORCH}/lib")
foreach(library ${torch_cuda_runtime})
  get_filename_component(folder ${library} DIRECTORY)
  list(APPEND torch_rpath ${folder})
endforeach()
list(REMOVE_DUPLICATES torch_rpath)

add_library(moescope_torch INTERFACE)
add_library(moescope::torch ALIAS moescope_torch)
target_include_directories(moescope_torch SYSTEM INTERFACE
  "${MOESCOPE_TORCH}/include" "${MOESCOPE_TORCH}/include/torch/csrc/api/include")
target_link_directories(moescope_torch INTERFACE "${MOESCOPE_TORCH}/lib")
target_link_libraries(moescope_torch INTERFACE torch_cpu c10)
# A GPU is used where the wheel carries CUDA and its libraries can all be loaded; without --no-as-needed the linker drops
# libtorch_cuda, since nothing refers to it by name.
if(EXISTS "${MOESCOPE_TORCH}/../nvidia/cu13/lib/libcublas.so.13" AND EXISTS "${MOESCOPE_TORCH}/lib/libtorch_cuda.so")
  target_link_options(moescope_torch INTERFACE "LINKER:--no-as-needed,${MOESCOPE_TORCH}/lib/libtorch_cuda.so,--as-needed")
endif()
foreach(folder ${torch_rpath})
  target_link_options(moescope_torch INTERFACE "LINKER:-rpath,${folder}" "LINKER:-rpath-link,${folder}")
endforeach()

# LibTorch's parallel_for is a template, which runs in one thread where it is compiled without OpenMP. Two OpenMP libraries in
# one process would each start threads: link the one that the wheel carries.
find_package(OpenMP REQUIRED COMPONENTS CXX)
file(GLOB torch_gomp "${MOESCOPE_TORCH}/lib/libgomp*.so*")
add_library(moescope_torch_openmp INTERFACE)
add_library(moescope::torch_openmp ALIAS moescope_torch_openmp)
if(torch_gomp AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # clang calls a library of its own
  target_compile_options(moescope_torch_openmp INTERFACE ${OpenMP_CXX_FLAGS})
  target_link_libraries(moescope_torch_openmp INTERFACE ${torch_gomp})
else()
  target_link_libraries(moescope_torch_openmp INTERFACE OpenMP::OpenMP_CXX)
endif()
