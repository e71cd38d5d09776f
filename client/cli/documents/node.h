// A document as a person or a program wrote it, YAML or JSON alike, with the line of everything in it.
//
//   absl::StatusOr<std::vector<Node>> documents = ParseYaml(text);
//
// The exceptions of yaml-cpp and nlohmann-json end here.
//
// Thread-safe: pure functions; a Node is a value.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_NODE_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_NODE_H_

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace canvass::cli {

struct Member;

struct Node {
  enum class Kind { kNull, kScalar, kList, kMap };

  Kind kind = Kind::kNull;
  // Of a scalar: its text, escapes resolved.
  std::string text;
  // Of a scalar: whether it is text for certain. `5` may be a number, `"5"` is not.
  bool quoted = false;
  std::vector<Node> items;
  // In the order they were written; keys may repeat.
  std::vector<Member> members;
  // From 1.
  int line = 0;

  // The first member of that key, nullptr if there is none.
  const Node* Find(absl::string_view key) const;
};

struct Member {
  std::string key;
  int line = 0;
  Node value;
};

// The documents in `text`, which may be separated by `---`; empty ones are left out. InvalidArgument, beginning with
// the line ("3: …"), if it is not YAML, not UTF-8, or too deep or large to have been written by a person.
absl::StatusOr<std::vector<Node>> ParseYaml(absl::string_view text);

// One JSON value, all of it said to be on `line`. InvalidArgument, beginning with the line, if it is not JSON.
absl::StatusOr<Node> ParseJson(absl::string_view text, int line);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_NODE_H_
