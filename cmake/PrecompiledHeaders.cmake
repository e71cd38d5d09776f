# Two precompiled headers, each compiled once and reused by every room:
#
#   canvass_pch_core   standard library, Abseil, Protobuf
#   canvass_pch_grpc   the same and gRPC, for rpc/, main/, client/ and tests/
#
# They speed up the build and nothing else: every file still includes what it
# uses, which the clang-tidy preset, built without them, proves.

# Gives TARGET the precompiled header KIND (core or grpc).
function(canvass_precompiled_headers TARGET KIND)
  if(CANVASS_PCH)
    target_precompile_headers(${TARGET} REUSE_FROM canvass_pch_${KIND})
  endif()
endfunction()

if(NOT CANVASS_PCH)
  return()
endif()

foreach(kind core grpc)
  add_library(canvass_pch_${kind} STATIC "${CMAKE_SOURCE_DIR}/cmake/pch/${kind}.cc")
  target_link_libraries(canvass_pch_${kind} PRIVATE canvass_settings canvass_${kind}_dependencies)
  target_precompile_headers(canvass_pch_${kind} PRIVATE "${CMAKE_SOURCE_DIR}/cmake/pch/${kind}.h")
endforeach()
