# Writes the templates, the style sheet and the sentences of pages/ into a C++
# source, so that the server carries the pages it was built for. Run by the
# build:
#
#   cmake -DPAGES_DIR=<dir> -DOUTPUT=<file.cc> -P embed_pages.cmake

file(GLOB files RELATIVE "${PAGES_DIR}" "${PAGES_DIR}/templates/*" "${PAGES_DIR}/texts/*")
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
  file(READ "${PAGES_DIR}/${file}" content)
  # The line break that ends a file would stand in the middle of an element.
  string(REGEX REPLACE "\n$" "" content "${content}")
  string(APPEND entries "    {\"${file}\", R\"canvass_page(${content})canvass_page\"},\n")
endforeach()

file(WRITE "${OUTPUT}.new" "// Generated from server/http/pages by embed_pages.cmake.
#include \"server/http/pages/templates.h\"

namespace canvass::http {
namespace {

constexpr PageFile kPageFiles[] = {
${entries}};

}  // namespace

absl::Span<const PageFile> PageFiles() { return kPageFiles; }

}  // namespace canvass::http
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
