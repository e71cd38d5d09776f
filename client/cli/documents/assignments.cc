#include "client/cli/documents/assignments.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "client/cli/exit_code.h"

namespace canvass::cli {

absl::StatusOr<Node> ParseAssignments(absl::string_view flag, const std::vector<std::string>& items) {
  Node map = {.kind = Node::Kind::kMap, .line = 1};
  for (const std::string& item : items) {
    const std::size_t equals = item.find('=');
    if (equals == std::string::npos || equals == 0) {
      return UsageError(absl::StrCat(flag, ": '", item, "' is not of the form key=value"));
    }
    absl::StatusOr<std::vector<Node>> value = ParseYaml(item.substr(equals + 1));
    if (!value.ok() || value->size() > 1) {
      return UsageError(
          absl::StrCat(flag, ": the value of '", item, "' is not YAML; put it in quotes, as in key='\"...\"'"));
    }
    Member member = {.key = item.substr(0, equals), .line = 1};
    if (!value->empty()) member.value = std::move(value->front());
    map.members.push_back(std::move(member));
  }
  return map;
}

void AddText(Node& document, const std::string& key, const std::string& text) {
  if (text.empty()) return;
  Node value = {.kind = Node::Kind::kScalar, .text = text, .quoted = true, .line = 1};
  document.members.push_back({.key = key, .line = 1, .value = std::move(value)});
}

}  // namespace canvass::cli
