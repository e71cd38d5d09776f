// Values given on the command line: `--data total=59.9 --data vip=true`. They become part of a document, so that flags
// and files take the same way.
//
// Thread-safe: pure functions.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_ASSIGNMENTS_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_ASSIGNMENTS_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "client/cli/documents/node.h"

namespace canvass::cli {

// A map of "key=value" items. Values are YAML: 5 is a number, "5" (with its quotes), five and 1.2.3 are texts, [a, b]
// is a list. UsageError, which begins with `flag`, for an item without '=' or with a value that is not YAML.
absl::StatusOr<Node> ParseAssignments(absl::string_view flag, const std::vector<std::string>& items);

// A member of a document that is one text; nothing is added where it is empty.
void AddText(Node& document, const std::string& key, const std::string& text);

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_ASSIGNMENTS_H_
