#include "client/cli/documents/node.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "client/charts/text_width.h"

namespace canvass::cli {
namespace {

constexpr int kMaxDepth = 100;
// Aliases let a few lines stand for billions.
constexpr int kMaxNodes = 1'000'000;

absl::Status LineError(int line, absl::string_view message) {
  return absl::InvalidArgumentError(absl::StrCat(line, ": ", message));
}

class YamlReader {
 public:
  absl::Status Read(const YAML::Node& yaml, int depth, Node& node) {
    node.line = yaml.Mark().line + 1;
    if (depth > kMaxDepth) return LineError(node.line, "this is nested too deep");
    if (++nodes_ > kMaxNodes) return LineError(node.line, "the document is too large");
    if (yaml.IsSequence()) return ReadList(yaml, depth, node);
    if (yaml.IsMap()) return ReadMap(yaml, depth, node);
    if (!yaml.IsScalar()) return absl::OkStatus();
    node.kind = Node::Kind::kScalar;
    node.text = yaml.Scalar();
    // yaml-cpp marks plain scalars with the tag "?".
    node.quoted = yaml.Tag() != "?";
    return absl::OkStatus();
  }

 private:
  absl::Status ReadList(const YAML::Node& yaml, int depth, Node& node) {
    node.kind = Node::Kind::kList;
    node.items.reserve(yaml.size());
    for (const auto& item : yaml) {
      absl::Status status = Read(item, depth + 1, node.items.emplace_back());
      if (!status.ok()) return status;
    }
    return absl::OkStatus();
  }

  absl::Status ReadMap(const YAML::Node& yaml, int depth, Node& node) {
    node.kind = Node::Kind::kMap;
    node.members.reserve(yaml.size());
    for (const auto& pair : yaml) {
      const int line = pair.first.Mark().line + 1;
      if (!pair.first.IsScalar()) return LineError(line, "a key must be a word, not a list or a map");
      Member& member = node.members.emplace_back();
      member.key = pair.first.Scalar();
      member.line = line;
      absl::Status status = Read(pair.second, depth + 1, member.value);
      if (!status.ok()) return status;
      // An empty value has no mark of its own.
      if (member.value.kind == Node::Kind::kNull) member.value.line = line;
    }
    return absl::OkStatus();
  }

  int nodes_ = 0;
};

// False if lists and maps are nested too deep. nlohmann-json itself does not recurse.
bool FromJson(const nlohmann::ordered_json& json, int line, int depth, Node& node) {
  node.line = line;
  if (json.is_null()) return true;
  if (json.is_structured() && ++depth > kMaxDepth) return false;
  if (json.is_array()) {
    node.kind = Node::Kind::kList;
    node.items.resize(json.size());
    for (std::size_t i = 0; i < json.size(); ++i) {
      if (!FromJson(json[i], line, depth, node.items[i])) return false;
    }
    return true;
  }
  if (json.is_object()) {
    node.kind = Node::Kind::kMap;
    node.members.reserve(json.size());
    for (const auto& [key, value] : json.items()) {
      Member& member = node.members.emplace_back(Member{.key = key, .line = line});
      if (!FromJson(value, line, depth, member.value)) return false;
    }
    return true;
  }
  node.kind = Node::Kind::kScalar;
  node.quoted = json.is_string();
  node.text = json.is_string() ? json.get<std::string>() : json.dump();
  return true;
}

// The line of the first byte that is not UTF-8, 0 if all are.
int FirstBadLine(absl::string_view text) {
  int line = 1;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!charts::IsUtf8(text.substr(0, end))) return line;
    text.remove_prefix(std::min(end + 1, text.size()));
    ++line;
  }
  return 0;
}

}  // namespace

const Node* Node::Find(absl::string_view key) const {
  for (const Member& member : members) {
    if (member.key == key) return &member.value;
  }
  return nullptr;
}

absl::StatusOr<std::vector<Node>> ParseYaml(absl::string_view text) {
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  if (const int line = FirstBadLine(text); line != 0) return LineError(line, "this is not UTF-8");
  std::vector<Node> documents;
  try {
    for (const YAML::Node& yaml : YAML::LoadAll(std::string(text))) {
      if (yaml.IsNull() || !yaml.IsDefined()) continue;
      YamlReader reader;
      absl::Status status = reader.Read(yaml, 0, documents.emplace_back());
      if (!status.ok()) return status;
    }
  } catch (const YAML::Exception& exception) {
    // yaml-cpp ends a plain text inside braces at its question mark.
    const bool question = exception.msg == "unknown token";
    return LineError(exception.mark.line + 1,
                     absl::StrCat("this is not YAML: ", exception.msg,
                                  question ? "; put texts with a '?' inside { } or [ ] in quotes" : ""));
  }
  return documents;
}

absl::StatusOr<Node> ParseJson(absl::string_view text, int line) {
  const nlohmann::ordered_json json = nlohmann::ordered_json::parse(text.begin(), text.end(), nullptr, false);
  if (json.is_discarded()) return LineError(line, "this is not JSON");
  Node node;
  if (!FromJson(json, line, 0, node)) return LineError(line, "this is nested too deep");
  return node;
}

}  // namespace canvass::cli
