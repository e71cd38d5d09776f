# The contract, as C++:
#
#   canvass_proto     messages of proto/canvass/v1 and the few google/rpc ones
#   canvass_grpc      services: every *_service.proto, and grpc.health.v1
#   canvass_generated generates all of it and compiles nothing, for clang-tidy
#   canvass_protoset  build/<preset>/gen/canvass.protoset, the descriptors with
#                     their comments, for the tests that read the contract
#
# Generated code lies in build/<preset>/gen:  #include "canvass/v1/survey.pb.h"

set(CANVASS_GEN_DIR "${CMAKE_BINARY_DIR}/gen")
set(canvass_proto_dir "${CMAKE_SOURCE_DIR}/proto")

find_program(CANVASS_PROTOC protoc REQUIRED)
find_program(CANVASS_GRPC_PLUGIN grpc_cpp_plugin REQUIRED)
find_path(CANVASS_GOOGLEAPIS_DIR google/rpc/error_details.proto REQUIRED
  PATHS /usr/share/gocode/src/github.com/gogo/googleapis /usr/share/googleapis
  NO_CMAKE_FIND_ROOT_PATH)
find_path(CANVASS_GRPC_PROTO_DIR grpc/health/v1/health.proto REQUIRED
  PATHS /usr/share/grpc-proto)

file(GLOB_RECURSE own_protos CONFIGURE_DEPENDS
  RELATIVE "${canvass_proto_dir}" "${canvass_proto_dir}/canvass/*.proto")

# Generates one file; appends to the lists message_sources and service_sources
# of the caller, which name the .pb.cc and .grpc.pb.cc files. KIND is MESSAGES or SERVICES.
function(canvass_generate ROOT PROTO KIND)
  string(REGEX REPLACE "\\.proto$" "" stem "${PROTO}")
  set(out "${CANVASS_GEN_DIR}/${stem}")
  set(messages "${out}.pb.cc" "${out}.pb.h")
  set(services)
  set(service_flags)
  if(KIND STREQUAL "SERVICES")
    set(services "${out}.grpc.pb.cc" "${out}.grpc.pb.h")
    set(service_flags "--grpc_out=generate_mock_code=false:${CANVASS_GEN_DIR}"
                      "--plugin=protoc-gen-grpc=${CANVASS_GRPC_PLUGIN}")
  endif()
  # The dependency file makes a change of an imported proto count as well. Ninja
  # wants the outputs in protoc's order, the alphabetical one.
  add_custom_command(
    OUTPUT ${services} ${messages}
    COMMAND "${CANVASS_PROTOC}"
      "-I${canvass_proto_dir}" "-I${CANVASS_GOOGLEAPIS_DIR}" "-I${CANVASS_GRPC_PROTO_DIR}"
      "--cpp_out=${CANVASS_GEN_DIR}" ${service_flags}
      "--dependency_out=${out}.d" "${ROOT}/${PROTO}"
    DEPENDS "${ROOT}/${PROTO}"
    DEPFILE "${out}.d"
    COMMENT "Generating ${stem}.pb.h"
    VERBATIM)
  set(message_sources ${message_sources} "${out}.pb.cc" PARENT_SCOPE)
  if(services)
    set(service_sources ${service_sources} "${out}.grpc.pb.cc" PARENT_SCOPE)
  endif()
endfunction()

file(MAKE_DIRECTORY "${CANVASS_GEN_DIR}")
set(message_sources)
set(service_sources)
foreach(proto status code error_details)
  canvass_generate("${CANVASS_GOOGLEAPIS_DIR}" "google/rpc/${proto}.proto" MESSAGES)
endforeach()
canvass_generate("${CANVASS_GRPC_PROTO_DIR}" "grpc/health/v1/health.proto" SERVICES)
foreach(proto IN LISTS own_protos)
  if(proto MATCHES "_service\\.proto$")
    canvass_generate("${canvass_proto_dir}" "${proto}" SERVICES)
  else()
    canvass_generate("${canvass_proto_dir}" "${proto}" MESSAGES)
  endif()
endforeach()

# Compiles generated code into TARGET: without warnings, which are not ours to
# mend, and without sanitizers, which would triple its time and
# watch Protobuf and gRPC, not us.
function(canvass_compile_generated TARGET KIND)
  target_compile_options(${TARGET} PRIVATE -w)
  if(CANVASS_SANITIZE)
    target_compile_options(${TARGET} PRIVATE -fno-sanitize=all)
  else()
    canvass_precompiled_headers(${TARGET} ${KIND})
  endif()
endfunction()

add_library(canvass_proto STATIC ${message_sources})
target_include_directories(canvass_proto SYSTEM PUBLIC "${CANVASS_GEN_DIR}")
target_link_libraries(canvass_proto PUBLIC protobuf::libprotobuf)
canvass_compile_generated(canvass_proto core)

add_library(canvass_grpc STATIC ${service_sources})
target_link_libraries(canvass_grpc PUBLIC canvass_proto gRPC::grpc++)
canvass_compile_generated(canvass_grpc grpc)

add_custom_target(canvass_generated DEPENDS ${message_sources} ${service_sources})

if(own_protos)
  set(own_proto_paths ${own_protos})
  list(TRANSFORM own_proto_paths PREPEND "${canvass_proto_dir}/")
  add_custom_command(
    OUTPUT "${CANVASS_GEN_DIR}/canvass.protoset"
    COMMAND "${CANVASS_PROTOC}"
      "-I${canvass_proto_dir}" "-I${CANVASS_GOOGLEAPIS_DIR}" "-I${CANVASS_GRPC_PROTO_DIR}"
      --include_imports --include_source_info
      "--descriptor_set_out=${CANVASS_GEN_DIR}/canvass.protoset" ${own_proto_paths}
    DEPENDS ${own_proto_paths}
    COMMENT "Generating canvass.protoset"
    VERBATIM)
  add_custom_target(canvass_protoset ALL DEPENDS "${CANVASS_GEN_DIR}/canvass.protoset")
endif()
