# Variables moescope_gpu_objects (what nvcc makes of core/cuda/kernels.cu) and moescope_gpu_libraries. Without nvcc the one is a source
# that says so. Code: sm_90 (H100, H200), and PTX 7.5 that the driver compiles for any newer or other card since 2018.
find_program(MOESCOPE_NVCC nvcc PATHS /usr/local/cuda/bin DOC "CUDA's compiler, version 12 or later; OFF: no kernels of our own for GPUs")
set(moescope_gpu_objects ${PROJECT_SOURCE_DIR}/core/cuda/no_kernels.cpp)
set(moescope_gpu_libraries "")
if(MOESCOPE_NVCC)
  get_filename_component(nvcc_folder "${MOESCOPE_NVCC}" REALPATH)
  get_filename_component(nvcc_folder "${nvcc_folder}/../.." ABSOLUTE)
  find_library(MOESCOPE_CUDART cudart_static PATHS "${nvcc_folder}/lib64" "${nvcc_folder}/lib" /usr/local/cuda/lib64 NO_DEFAULT_PATH)
  if(MOESCOPE_CUDART)
    set(moescope_gpu_objects ${CMAKE_BINARY_DIR}/core/gpu_kernels.o)
    file(GLOB kernel_headers CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/core/cuda/*.h)
    add_custom_command(OUTPUT ${moescope_gpu_objects}
      COMMAND ${MOESCOPE_NVCC} -std=c++20 -O2 -ccbin ${CMAKE_CXX_COMPILER} --threads 2 -gencode arch=compute_90,code=sm_90
              -gencode arch=compute_75,code=compute_75 -Xcompiler -Wall,-Wextra,-fPIC -I${PROJECT_SOURCE_DIR}
              -c ${PROJECT_SOURCE_DIR}/core/cuda/kernels.cu -o ${moescope_gpu_objects}
      DEPENDS ${PROJECT_SOURCE_DIR}/core/cuda/kernels.cu ${kernel_headers} ${PROJECT_SOURCE_DIR}/core/metrics/both.h
              ${PROJECT_SOURCE_DIR}/core/metrics/entropy_bounds.h
      COMMENT "Compiling the GPU kernels" VERBATIM)
    set(moescope_gpu_libraries ${MOESCOPE_CUDART} ${CMAKE_DL_LIBS} rt)
  endif()
endif()
