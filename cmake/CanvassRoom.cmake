# canvass_room(NAME <room> [DEPS <room or library>...] [LABELS <label>...])
#
# Turns the current directory into a room:
#   canvass_<room>          library of *.cc and of one level of subfolders
#                           (channels/, ...), without *_test.cc and main.cc
#   canvass_<room>_testing  library of testing/*.cc, where there are any
#   <room>_test             GoogleTest binary of every *_test.cc; one ctest
#                           entry, labelled unit (system under tests/)
#   <program>               executable of main.cc, where there is one
#
# A DEPS entry that names a room (base, mysql, surveys, proto, grpc, ...) means
# canvass_<room>; anything else is a library and taken as it is. A room of the
# server or the client that does not exist yet is left out.

set(CANVASS_ROOMS
  proto grpc base conditions mysql tenants operations settings surveys contacts events triggers distribution
  responses metrics rpc http main cpp charts surveyjs cli demo process bench)

# Programs by the room that holds their main.cc.
# Others are called canvass-<room>.
set(CANVASS_PROGRAM_main canvassd)
set(CANVASS_PROGRAM_cli canvass)

# Builds what ctest -L unit runs.
add_custom_target(unit_tests)

# What every room may use without naming it.
add_library(canvass_core_dependencies INTERFACE)
target_link_libraries(canvass_core_dependencies INTERFACE
  canvass_proto
  absl::algorithm_container absl::any_invocable absl::base absl::bind_front absl::btree
  absl::cleanup absl::core_headers absl::fixed_array absl::flat_hash_map absl::flat_hash_set
  absl::hash absl::inlined_vector absl::node_hash_map absl::numeric absl::random_random
  absl::span absl::status absl::statusor absl::str_format absl::strings
  absl::synchronization absl::time absl::type_traits absl::utility absl::variant)
add_library(canvass_grpc_dependencies INTERFACE)
target_link_libraries(canvass_grpc_dependencies INTERFACE
  canvass_core_dependencies canvass_grpc gRPC::grpc++)

# Sets OUT to the link names of DEPS.
function(canvass_resolve_deps OUT)
  set(resolved)
  foreach(dep IN LISTS ARGN)
    if(dep IN_LIST CANVASS_ROOMS)
      list(APPEND resolved "$<TARGET_NAME_IF_EXISTS:canvass_${dep}>")
    elseif(dep MATCHES "^[a-z][a-z0-9_]*$")  # a room under tests/, or a library
      list(APPEND resolved "$<IF:$<TARGET_EXISTS:canvass_${dep}>,canvass_${dep},${dep}>")
    else()
      list(APPEND resolved "${dep}")
    endif()
  endforeach()
  set(${OUT} ${resolved} PARENT_SCOPE)
endfunction()

# Adds a library of SOURCES, an interface library where there are none. KIND
# names its precompiled header, unless canvass_<room> has cmake/pch/<room>.h.
function(canvass_library TARGET KIND SOURCES)
  string(REPLACE "_test" "" base_kind "${KIND}")
  string(REGEX REPLACE "^canvass_" "" room "${TARGET}")
  if(SOURCES)
    add_library(${TARGET} STATIC ${SOURCES})
    target_link_libraries(${TARGET} PUBLIC canvass_${base_kind}_dependencies ${ARGN}
                                    PRIVATE canvass_compiler_settings)
    if(EXISTS "${CMAKE_SOURCE_DIR}/cmake/pch/${room}.h")
      canvass_own_precompiled_header(${TARGET} ${room})
    else()
      canvass_precompiled_headers(${TARGET} ${KIND})
    endif()
  else()
    add_library(${TARGET} INTERFACE)
    target_link_libraries(${TARGET} INTERFACE canvass_${base_kind}_dependencies ${ARGN})
  endif()
endfunction()

# Adds an executable of SOURCES.
function(canvass_program TARGET KIND SOURCES)
  string(REPLACE "_test" "" base_kind "${KIND}")
  add_executable(${TARGET} ${SOURCES} $<$<TARGET_EXISTS:canvass_tsan>:$<TARGET_OBJECTS:canvass_tsan>>)
  target_link_libraries(${TARGET} PRIVATE canvass_compiler_settings canvass_${base_kind}_dependencies ${ARGN})
  canvass_precompiled_headers(${TARGET} ${KIND})
endfunction()

# Adds the test binary of a room and its ctest entry. A test of a room that
# stores things gets the private database of server/mysql/testing.
function(canvass_room_test NAME KIND SOURCES LABELS)
  set(testing)
  if(CMAKE_CURRENT_SOURCE_DIR MATCHES "/(server|tenants)(/|$)" AND NOT NAME MATCHES "^(base|conditions)$")
    set(testing "$<TARGET_NAME_IF_EXISTS:canvass_mysql_testing>")
  endif()
  canvass_program(${NAME}_test ${KIND}_test "${SOURCES}"
    canvass_${NAME} "$<TARGET_NAME_IF_EXISTS:canvass_${NAME}_testing>" ${testing} ${ARGN}
    GTest::gmock GTest::gtest GTest::gtest_main)
  add_test(NAME ${NAME}_test COMMAND ${NAME}_test WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${NAME}_test PROPERTIES LABELS "${LABELS}" TIMEOUT 600)
  if("unit" IN_LIST LABELS)
    add_dependencies(unit_tests ${NAME}_test)
  endif()
endfunction()

function(canvass_room)
  cmake_parse_arguments(PARSE_ARGV 0 ROOM "" "NAME" "DEPS;LABELS")
  file(RELATIVE_PATH directory "${CMAKE_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")

  set(kind core)
  if(directory MATCHES "^(server/rpc|server/main|client|tests)(/|$)")
    set(kind grpc)
  endif()
  if(NOT ROOM_LABELS)
    set(ROOM_LABELS unit)
    if(directory MATCHES "^tests/")
      set(ROOM_LABELS system)
    endif()
  endif()
  canvass_resolve_deps(deps ${ROOM_DEPS})

  file(GLOB sources CONFIGURE_DEPENDS *.cc */*.cc)
  file(GLOB testing_sources CONFIGURE_DEPENDS testing/*.cc)
  set(test_sources ${sources})
  list(FILTER test_sources INCLUDE REGEX "_test\\.cc$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cc$|/main\\.cc$")
  list(FILTER testing_sources EXCLUDE REGEX "_test\\.cc$")
  if(testing_sources)
    list(REMOVE_ITEM sources ${testing_sources})
  endif()

  canvass_library(canvass_${ROOM_NAME} ${kind} "${sources}" ${deps})
  if(testing_sources)
    canvass_library(canvass_${ROOM_NAME}_testing ${kind}_test "${testing_sources}"
      canvass_${ROOM_NAME} GTest::gtest)
  endif()
  if(test_sources AND BUILD_TESTING)
    canvass_room_test(${ROOM_NAME} ${kind} "${test_sources}" "${ROOM_LABELS}" ${deps})
  endif()
  file(GLOB main_source CONFIGURE_DEPENDS main.cc)
  if(main_source)
    set(program canvass-${ROOM_NAME})
    if(DEFINED CANVASS_PROGRAM_${ROOM_NAME})
      set(program ${CANVASS_PROGRAM_${ROOM_NAME}})
    endif()
    canvass_program(${program} ${kind} "${main_source}"
      canvass_${ROOM_NAME} ${deps})
  endif()
endfunction()
