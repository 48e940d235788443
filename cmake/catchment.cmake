# What every target of ours shares. Third-party headers are SYSTEM, so the warnings below speak of our code only.
find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE_PROGRAM})
endif()
find_program(MOLD_PROGRAM mold)
if(MOLD_PROGRAM)
  add_link_options(-fuse-ld=mold)
endif()

add_library(catchment_options INTERFACE)
target_include_directories(catchment_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(catchment_options INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  # __int128 carries exact products; every supported compiler has it.
  -Wno-pedantic
  # g++ 12 sees overlap in "text" + std::string (GCC bug 105651).
  $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
  # g++ takes a source that is compiled together with others for a header.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<BOOL:${CMAKE_UNITY_BUILD}>>:-Wno-subobject-linkage>
  # A fused multiply-add would make distances differ between compilers and processors.
  -ffp-contract=off)

# Most of what a file costs to compile is the headers it reads, so up to eight files of one folder are compiled together.
# Names in anonymous namespaces are therefore a folder's own, not a file's. SEPARATE names files compiled alone.
# While editing, -DCMAKE_UNITY_BUILD=OFF compiles file by file.
function(catchment_compile_together target)
  cmake_parse_arguments(ARG "" "" "SEPARATE" ${ARGN})
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    if(source IN_LIST ARG_SEPARATE)
      continue()
    endif()
    get_filename_component(folder ${source} DIRECTORY)
    string(MAKE_C_IDENTIFIER "${folder}" folder)
    if(NOT DEFINED files_${folder})
      set(files_${folder} 0)
    endif()
    math(EXPR part "${files_${folder}} / 8")
    math(EXPR files_${folder} "${files_${folder}} + 1")
    set_property(SOURCE ${source} PROPERTY UNITY_GROUP "${target}_${folder}_${part}")
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD_MODE GROUP)
endfunction()

# What is not hot need not be fast under the sanitizers: -O0 halves what it costs to compile there.
set(CATCHMENT_COLD_OPTIONS "" CACHE STRING "Further options for libraries that are not HOT, and for tests")

# catchment_library(<folder> SOURCES ... LINKS ... [HOT]) makes target catchment_<folder>, alias catchment::<folder>.
# HOT: its speed is promised, so it is worth -O3, which costs half as much again to compile as -O2.
function(catchment_library name)
  cmake_parse_arguments(ARG "HOT" "" "SOURCES;LINKS;PRIVATE_LINKS;SEPARATE" ${ARGN})
  add_library(catchment_${name} STATIC ${ARG_SOURCES})
  add_library(catchment::${name} ALIAS catchment_${name})
  target_link_libraries(catchment_${name} PUBLIC catchment_options ${ARG_LINKS} PRIVATE ${ARG_PRIVATE_LINKS})
  if(ARG_HOT)
    target_compile_options(catchment_${name} PRIVATE $<$<CONFIG:Release>:-O3>)
  else()
    target_compile_options(catchment_${name} PRIVATE ${CATCHMENT_COLD_OPTIONS})
  endif()
  catchment_compile_together(catchment_${name} SEPARATE ${ARG_SEPARATE})
endfunction()

# GoogleTest is read once a build, not once a test: a third of what a test costs to compile. Tests are compiled at -O1,
# which takes half the time of -O3; what they call is not theirs.
set(CATCHMENT_TEST_OPTIONS $<$<CONFIG:Release>:-O1> ${CATCHMENT_COLD_OPTIONS}
  # g++ 12 sees overflow in std::string from a precompiled header, where it is not quiet about system headers.
  $<$<CXX_COMPILER_ID:GNU>:-fpch-preprocess;-Wno-array-bounds;-Wno-stringop-overflow>)
function(catchment_test_headers)
  if(TARGET catchment_test_headers)
    return()
  endif()
  file(WRITE ${PROJECT_BINARY_DIR}/test_headers.cpp "")
  add_library(catchment_test_headers OBJECT ${PROJECT_BINARY_DIR}/test_headers.cpp)
  target_link_libraries(catchment_test_headers PRIVATE catchment_options GTest::gtest GTest::gmock)
  target_compile_options(catchment_test_headers PRIVATE ${CATCHMENT_TEST_OPTIONS})
  target_precompile_headers(catchment_test_headers PRIVATE
    <gmock/gmock.h> <gtest/gtest.h> <algorithm> <filesystem> <fstream> <map> <random> <set> <sstream> <string> <vector>)
endfunction()

# The ordinary run tests each thing once: what is labelled heavy, whole programs and large worlds, in the release build;
# all else under the sanitizers. test.sh builds these two targets; the long tier builds and runs everything in both.
add_custom_target(heavy_tests)
add_custom_target(unit_tests)

# catchment_test(<name> SOURCES ... LINKS ... LABELS ... SEPARATE ... [USES_TOOL]) makes one GoogleTest program and one ctest
# entry per test. USES_TOOL: its tests run `catchment`, as CATCHMENT_PROGRAM says.
function(catchment_test name)
  cmake_parse_arguments(ARG "USES_TOOL" "" "SOURCES;LINKS;LABELS;SEPARATE" ${ARGN})
  if("heavy" IN_LIST ARG_LABELS AND NOT CATCHMENT_HEAVY_TESTS)
    return()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  if("heavy" IN_LIST ARG_LABELS)
    add_dependencies(heavy_tests ${name})
  else()
    add_dependencies(unit_tests ${name})
  endif()
  target_link_libraries(${name} PRIVATE catchment_options ${ARG_LINKS} GTest::gtest GTest::gmock GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE CATCHMENT_SOURCE_DIR="${PROJECT_SOURCE_DIR}")
  if(ARG_USES_TOOL)
    target_compile_definitions(${name} PRIVATE CATCHMENT_PROGRAM="$<TARGET_FILE:catchment>")
    add_dependencies(${name} catchment)
  endif()
  catchment_compile_together(${name} SEPARATE ${ARG_SEPARATE})
  catchment_test_headers()
  target_compile_options(${name} PRIVATE ${CATCHMENT_TEST_OPTIONS})
  target_precompile_headers(${name} REUSE_FROM catchment_test_headers)
  # One label, as gtest_discover_tests takes a list apart; `ctest -L` finds either part.
  string(REPLACE ";" "." labels "${ARG_LABELS}")
  gtest_discover_tests(${name} DISCOVERY_TIMEOUT 60 PROPERTIES LABELS "${labels}" TIMEOUT 600)
endfunction()
