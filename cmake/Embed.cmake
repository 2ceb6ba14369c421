# embed_files(target header symbol files...): the files' bytes in a static library, by one assembler file of .incbin lines and
# a generated table: `const struct embedded_file symbol[]; const size_t symbol_count;` declared in the generated header.
function(embed_files target symbol)
    set(dir ${CMAKE_CURRENT_BINARY_DIR}/${target}_gen)
    set(asm "    .section .rodata\n")
    set(table "")
    set(decls "")
    set(i 0)
    foreach(file IN LISTS ARGN)
        get_filename_component(path ${file} ABSOLUTE)
        get_filename_component(name ${file} NAME)
        string(APPEND asm "    .global ${symbol}_${i}\n    .global ${symbol}_${i}_end\n${symbol}_${i}:\n"
            "    .incbin \"${path}\"\n${symbol}_${i}_end:\n    .byte 0\n")
        string(APPEND decls "extern const unsigned char ${symbol}_${i}[], ${symbol}_${i}_end[];\n")
        string(APPEND table "    {\"${name}\", ${symbol}_${i}, ${symbol}_${i}_end},\n")
        math(EXPR i "${i} + 1")
        list(APPEND paths ${path})
    endforeach()
    string(APPEND asm "    .section .note.GNU-stack,\"\",%progbits\n")
    file(CONFIGURE OUTPUT ${dir}/${target}.S CONTENT "${asm}" @ONLY)
    file(CONFIGURE OUTPUT ${dir}/${target}.h @ONLY CONTENT
"/* Generated: files embedded at build time; each is followed by a zero byte. */
#pragma once
#include <stddef.h>
struct ${symbol}_file {
    const char *name;
    const unsigned char *begin, *end;
};
extern const struct ${symbol}_file ${symbol}[];
extern const size_t ${symbol}_count;
")
    file(CONFIGURE OUTPUT ${dir}/${target}.c @ONLY CONTENT
"#include \"${target}.h\"
${decls}
const struct ${symbol}_file ${symbol}[] = {
${table}};
const size_t ${symbol}_count = ${i};
")
    add_library(${target} STATIC ${dir}/${target}.S ${dir}/${target}.c)
    set_source_files_properties(${dir}/${target}.S PROPERTIES OBJECT_DEPENDS "${paths}")
    target_include_directories(${target} SYSTEM PUBLIC ${dir})
endfunction()
