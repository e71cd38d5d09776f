# Precompiled headers, each compiled once and reused by everyone of its kind:
#
#   canvass_pch_core       standard library, Abseil, Protobuf
#   canvass_pch_grpc       the same and gRPC, for rpc/, main/, client/, tests/
#   canvass_pch_core_test  core and GoogleTest
#   canvass_pch_grpc_test  grpc and GoogleTest
#
# They speed up the build and nothing else: every file still includes what it
# uses, which the clang-tidy preset, built without them, proves.

# Gives TARGET the precompiled header KIND (core, grpc, core_test, grpc_test).
function(canvass_precompiled_headers TARGET KIND)
  if(CANVASS_PCH)
    target_precompile_headers(${TARGET} REUSE_FROM canvass_pch_${KIND})
  endif()
endfunction()

# Gives TARGET cmake/pch/NAME.h, which nobody else uses and which may thus hold
# generated code.
function(canvass_own_precompiled_header TARGET NAME)
  if(CANVASS_PCH)
    target_precompile_headers(${TARGET} PRIVATE "${CMAKE_SOURCE_DIR}/cmake/pch/${NAME}.h")
  endif()
endfunction()

if(NOT CANVASS_PCH)
  return()
endif()

# Nothing generated in them: the generated code is compiled with them.
foreach(kind core grpc core_test grpc_test)
  add_library(canvass_pch_${kind} STATIC "${CMAKE_SOURCE_DIR}/cmake/pch/${kind}.cc")
  target_link_libraries(canvass_pch_${kind} PRIVATE
    canvass_compiler_settings protobuf::libprotobuf absl::status gRPC::grpc++)
  if(kind MATCHES "_test$")
    target_link_libraries(canvass_pch_${kind} PRIVATE GTest::gmock)
  endif()
  target_precompile_headers(canvass_pch_${kind} PRIVATE "${CMAKE_SOURCE_DIR}/cmake/pch/${kind}.h")
endforeach()
