# add_proto(target file.proto): C code of one file by protoc and protobuf-c's plug-in, in the build folder.
# Its headers are SYSTEM and reach only who links the target; libprotobuf-c comes with it.
find_program(PROTOC protoc REQUIRED)
find_program(PROTOC_GEN_C NAMES protoc-gen-c REQUIRED)

function(add_proto target file)
    get_filename_component(stem ${file} NAME_WE)
    set(source ${CMAKE_CURRENT_SOURCE_DIR}/${file})
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_gen)
    add_custom_command(
        OUTPUT ${out}/${stem}.pb-c.c ${out}/${stem}.pb-c.h
        COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
        COMMAND ${PROTOC} --plugin=protoc-gen-c=${PROTOC_GEN_C} --c_out=${out}
                -I ${CMAKE_CURRENT_SOURCE_DIR} ${source}
        DEPENDS ${source}
        COMMENT "protoc ${file}"
        VERBATIM)
    add_library(${target} STATIC ${out}/${stem}.pb-c.c)
    target_include_directories(${target} SYSTEM PUBLIC ${out})
    target_link_libraries(${target} PUBLIC PkgConfig::PROTOBUF_C)
endfunction()
