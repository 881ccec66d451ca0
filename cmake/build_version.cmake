# cmake -DSOURCE=checkout -DVERSION=x.y.z -DHEADER=file -P build_version.cmake
# Writes the header with the version and the commit of the checkout; leaves it alone where it says so already, so that nothing
# is compiled again. A commit with local changes ends in "+".
cmake_minimum_required(VERSION 3.25)
find_program(git git)
set(commit "unknown")
if(git AND EXISTS ${SOURCE}/.git)
  execute_process(COMMAND ${git} -c safe.directory=* -C ${SOURCE} describe --always --exclude=* --abbrev=10 --dirty=+
                  OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE status)
  if(status EQUAL 0)
    set(commit "${found}")
  endif()
endif()
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#pragma once
#define MOESCOPE_VERSION \"${VERSION}\"
#define MOESCOPE_COMMIT \"${commit}\"
" @ONLY)
