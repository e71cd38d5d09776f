// YAML as people like to read it: block style, short lists and maps on one line, texts quoted only where they must be.
//
//   YamlText(json)                                  what -o yaml prints: blocks throughout
//   YamlText(json, {.width = 110, .blocks = {"text"}})
//
// Whatever reads it, of YAML 1.1 or 1.2, gets the same values: texts that look like something else are quoted.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_OUTPUT_YAML_H_
#define CANVASS_CLIENT_CLI_OUTPUT_YAML_H_

#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

namespace canvass::cli {

struct YamlStyle {
  // Lists and maps that fit into so many columns stand on one line, but for lists of maps; texts of several lines on
  // several, and nulls are written as nothing: `nps:`. 0: none of that.
  int width = 0;
  // Keys whose values, and the items of these, never stand on one line.
  std::set<std::string> blocks;
  // Keys of lists whose items have a blank line between them, and which have one around them at the top.
  std::set<std::string> spaced;
};

// Ends with a line end.
std::string YamlText(const nlohmann::ordered_json& json, const YamlStyle& style = {});

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_OUTPUT_YAML_H_
