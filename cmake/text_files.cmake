# Files of text as an initialiser of C++, each {"name", "content"}:
# cmake -DFILES=resources/presets/*.json -DNAME=NAME_WE -DOUTPUT=preset_files.inc -P text_files.cmake
# NAME: NAME_WE without ending, NAME with it.
file(GLOB files ${FILES})
list(SORT files)
set(text "")
foreach(file ${files})
  get_filename_component(name ${file} ${NAME})
  file(READ ${file} content)
  string(APPEND text "{\"${name}\", R\"file(${content})file\"},\n")
endforeach()
file(WRITE ${OUTPUT} "${text}")
