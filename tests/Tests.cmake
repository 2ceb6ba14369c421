# add_c_test(path libs...): <path>.c below tests/ as a cmocka program; ctest knows it by its path, labelled by its first
# folder, with a limit that a busy machine under
# sanitizers keeps. A case's name as argument runs that case alone.
function(add_c_test path)
    string(REPLACE "/" "_" target test_${path})
    add_executable(${target} ${CMAKE_SOURCE_DIR}/tests/${path}.c)
    target_link_libraries(${target} PRIVATE project_options tests_support ${ARGN})
    add_test(NAME ${path} COMMAND ${target})
    string(REGEX REPLACE "/.*" "" label ${path})
    set_tests_properties(${path} PROPERTIES LABELS ${label} TIMEOUT 180
        ENVIRONMENT "ASAN_OPTIONS=detect_stack_use_after_return=1;UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1;CLOISTER_TESTS_DIR=${CMAKE_SOURCE_DIR}/tests;CLOISTER_DATA=$ENV{CLOISTER_DATA}")
endfunction()

# add_script_test(path timeout args...): an executable script below tests/.
function(add_script_test path timeout)
    add_test(NAME ${path} COMMAND ${CMAKE_SOURCE_DIR}/tests/${path} ${ARGN})
    string(REGEX REPLACE "/.*" "" label ${path})
    set_tests_properties(${path} PROPERTIES LABELS ${label} TIMEOUT ${timeout} SKIP_RETURN_CODE 77
        ENVIRONMENT "CLOISTER_BUILD=${CMAKE_BINARY_DIR};CLOISTER_SOURCE=${CMAKE_SOURCE_DIR}")
endfunction()
