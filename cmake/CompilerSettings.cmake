# How every target of ours is compiled and linked.
#
#   canvass_compiler_settings   interface target: standard, warnings, sanitizers.
#                      canvass_room() links it; generated code does not.

option(CANVASS_WERROR "Warnings in our own code are errors" ON)
option(CANVASS_PCH "Use precompiled headers" ON)
option(CANVASS_THREAD_SAFETY "Check ABSL_GUARDED_BY and friends (clang)" OFF)
option(CANVASS_COVERAGE "Count executed lines" OFF)
option(CANVASS_FUZZ "Build the libFuzzer targets (clang)" OFF)
set(CANVASS_SANITIZE "" CACHE STRING "Sanitizers, as -fsanitize= takes them")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
set(CMAKE_ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
find_package(Threads REQUIRED)

# ccache, where there is one. The sloppiness is what precompiled headers need;
# the base directory and the prefix map let another checkout share the cache.
find_program(CANVASS_CCACHE ccache)
if(CANVASS_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
    env
    CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
    "CCACHE_BASEDIR=${CMAKE_SOURCE_DIR}"
    CCACHE_NOHASHDIR=1
    "${CANVASS_CCACHE}")
endif()
# For every file alike: a precompiled header serves only the flags it was made
# with, and -pthread defines a macro.
add_compile_options(-pthread)
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CANVASS_PCH)
  add_compile_options(-fpch-preprocess)
endif()

find_program(CANVASS_MOLD mold)
if(CANVASS_MOLD)
  add_link_options(-fuse-ld=mold)
endif()
add_link_options(-Wl,--as-needed)

add_library(canvass_compiler_settings INTERFACE)
target_include_directories(canvass_compiler_settings INTERFACE "${CMAKE_SOURCE_DIR}")
target_link_libraries(canvass_compiler_settings INTERFACE Threads::Threads)
target_compile_options(canvass_compiler_settings INTERFACE
  -Wall -Wextra
  -Wno-unused-parameter            # handlers keep the signature of their kind
  -Wno-missing-field-initializers  # option structs are filled by name
  # libstdc++ 12 uses what C++17 deprecated, inside std::stable_sort
  $<$<CXX_COMPILER_ID:Clang>:-Wno-deprecated-declarations>
  $<$<BOOL:${CANVASS_WERROR}>:-Werror>)
if(CANVASS_THREAD_SAFETY)
  target_compile_options(canvass_compiler_settings INTERFACE -Wthread-safety)
endif()

if(CANVASS_SANITIZE)
  # gcc takes its own instrumentation for reads of what was never written.
  target_compile_options(canvass_compiler_settings INTERFACE
    $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
  add_compile_options(-fsanitize=${CANVASS_SANITIZE} -fno-sanitize-recover=all
                      -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${CANVASS_SANITIZE})
endif()
if(CANVASS_SANITIZE MATCHES "thread")
  # Linked into each program; see the file.
  add_library(canvass_tsan OBJECT "${CMAKE_SOURCE_DIR}/cmake/tsan/absl_synchronization.cc")
endif()
if(CANVASS_FUZZ)
  # From version 18 on clang names some templates otherwise than the compiler that
  # built the libraries did.
  add_compile_options(-fsanitize=fuzzer-no-link -fclang-abi-compat=17)
endif()
if(CANVASS_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
