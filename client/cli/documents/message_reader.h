// From a document to a message, checked against the message's descriptor: every unknown field, wrong type and bad value
// is reported at once, with line and path.
//
//   MessageReader({.language = "en"}, problems, locations).Read(node, survey);
//   if (!problems.empty()) return problems.ToStatus();
//
// The document is turned into protobuf's JSON form and parsed by protobuf. On top of that form people may write
//   a text (map of languages)    as one string, which is then the default language's
//   a duration                   as 24h or 30d
//   a time                       as a date
//   a value of an enum           as in_app
//   a condition                  as AIP-160 text
//   a message with one list      as that list, one with one map as that map
//   one that has no fields set   as nothing: `nps:`
//
// Not thread-safe; one for one document.
#ifndef CANVASS_CLIENT_CLI_DOCUMENTS_MESSAGE_READER_H_
#define CANVASS_CLIENT_CLI_DOCUMENTS_MESSAGE_READER_H_

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/string_view.h"
#include "client/cli/documents/node.h"
#include "client/cli/documents/problems.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"

namespace canvass::cli {

struct ReaderOptions {
  // Of texts written as one string. Empty: they are refused.
  std::string language;
  // Names that the caller takes from the document itself, for suggestions.
  std::vector<std::string> other_names;
};

// The names of the fields of `type`.
std::vector<std::string> FieldNames(const google::protobuf::Descriptor& type);

class MessageReader {
 public:
  MessageReader(ReaderOptions options, Problems& problems, Locations& locations)
      : options_(std::move(options)), problems_(problems), locations_(locations) {}

  // Merges the map `node` into `message`. What is wrong goes to the problems, and `message` is then of no use.
  void Read(const Node& node, google::protobuf::Message& message);

 private:
  using Descriptor = google::protobuf::Descriptor;
  using Field = google::protobuf::FieldDescriptor;
  using Json = nlohmann::json;

  Json ReadFields(const Node& node, const Descriptor& type, const std::string& path);
  Json ReadField(const Node& node, const Field& field, const std::string& path);
  Json ReadList(const Node& node, const Field& field, const std::string& path);
  Json ReadMap(const Node& node, const Field& field, const std::string& path);
  Json ReadSingle(const Node& node, const Field& field, const std::string& path);
  Json ReadMessage(const Node& node, const Descriptor& type, const std::string& path);
  Json ReadScalar(const Node& node, const Field& field, const std::string& path);
  Json ReadNumber(const Node& node, const Field& field, const std::string& path);
  // Anything, for google.protobuf.Struct and Value.
  Json ReadAnything(const Node& node, const std::string& path);
  Json ReadPlainScalar(const Node& node, const std::string& path);

  void ReportUnknown(const Member& member, const Descriptor& type, const std::string& path);
  // Null, with a problem at the node.
  Json Refuse(const Node& node, const std::string& path, absl::string_view message);

  ReaderOptions options_;
  Problems& problems_;
  Locations& locations_;
};

}  // namespace canvass::cli

#endif  // CANVASS_CLIENT_CLI_DOCUMENTS_MESSAGE_READER_H_
