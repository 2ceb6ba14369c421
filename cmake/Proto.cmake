# add_proto(target files...): C code of some files by protoc and protobuf-c's plug-in, in the build folder. They may import
# one another. Their headers are SYSTEM and reach only who links the target; libprotobuf-c comes with it.
find_program(PROTOC protoc REQUIRED)
find_program(PROTOC_GEN_C NAMES protoc-gen-c REQUIRED)

function(add_proto target)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_gen)
    list(TRANSFORM ARGN PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sources)
    foreach(file ${ARGN})
        get_filename_component(stem ${file} NAME_WE)
        add_custom_command(
            OUTPUT ${out}/${stem}.pb-c.c ${out}/${stem}.pb-c.h
            COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
            COMMAND ${PROTOC} --plugin=protoc-gen-c=${PROTOC_GEN_C} --c_out=${out}
                    -I ${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${file}
            DEPENDS ${sources}
            COMMENT "protoc ${file}"
            VERBATIM)
        list(APPEND made ${out}/${stem}.pb-c.c ${out}/${stem}.pb-c.h)
    endforeach()
    add_library(${target} STATIC ${made})
    target_include_directories(${target} SYSTEM PUBLIC ${out})
    target_link_libraries(${target} PUBLIC PkgConfig::PROTOBUF_C)
endfunction()
