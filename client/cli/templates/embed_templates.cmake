# Writes templates/*.yaml into a C++ source, so that the program carries them.
# Run by the build:
#
#   cmake -DTEMPLATE_DIR=<dir> -DOUTPUT=<file.cc> -P embed_templates.cmake

file(GLOB files "${TEMPLATE_DIR}/*.yaml")
list(SORT files)
set(entries "")
foreach(file IN LISTS files)
  get_filename_component(name "${file}" NAME_WE)
  file(READ "${file}" yaml)
  string(APPEND entries "    {\"${name}\", R\"canvass_yaml(${yaml})canvass_yaml\"},\n")
endforeach()

file(WRITE "${OUTPUT}.new" "// Generated from client/cli/templates by embed_templates.cmake.
#include \"client/cli/templates/template_library.h\"

namespace canvass::cli {
namespace {

constexpr SurveyTemplate kTemplates[] = {
${entries}};

}  // namespace

absl::Span<const SurveyTemplate> SurveyTemplates() { return kTemplates; }

}  // namespace canvass::cli
")
file(RENAME "${OUTPUT}.new" "${OUTPUT}")
