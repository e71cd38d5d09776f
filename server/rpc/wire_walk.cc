#include "server/rpc/wire_walk.h"

#include <google/protobuf/descriptor.pb.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/wire_format_lite.h>

#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "server/base/text/characters.h"

namespace canvass::rpc {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;
using google::protobuf::io::CodedInputStream;

constexpr int kMaxDepth = 100;

bool IsStructKind(const Descriptor& type, absl::string_view name) {
  return type.full_name() == absl::StrCat("google.protobuf.", name);
}

// The text of an entry's key for a path. A key that is not text either is shown escaped.
std::string KeyOf(const Descriptor& entry, absl::string_view bytes) {
  CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  const uint32_t tag = input.ReadTag();
  std::string key;
  uint32_t size = 0;
  const bool text = entry.map_key()->type() == FieldDescriptor::TYPE_STRING &&
                    WireFormatLite::GetTagFieldNumber(tag) == 1 && input.ReadVarint32(&size) &&
                    input.ReadString(&key, static_cast<int>(size));
  return text ? absl::CHexEscape(key) : "";
}

class Walk {
 public:
  // Returns true once the culprit is found; then path_ leads to it.
  bool Message(const Descriptor& type, absl::string_view bytes, int depth);
  std::string Path() const { return absl::StrJoin(path_, ""); }

 private:
  bool Field(const FieldDescriptor& field, absl::string_view bytes, int index, int depth);
  void Push(const FieldDescriptor& field, absl::string_view bytes, int index);

  std::vector<std::string> path_;
};

bool Walk::Message(const Descriptor& type, absl::string_view bytes, int depth) {
  if (depth > kMaxDepth) return false;
  CodedInputStream input(reinterpret_cast<const uint8_t*>(bytes.data()), static_cast<int>(bytes.size()));
  absl::flat_hash_map<int, int> seen;
  while (const uint32_t tag = input.ReadTag()) {
    if (WireFormatLite::GetTagWireType(tag) != WireFormatLite::WIRETYPE_LENGTH_DELIMITED) {
      if (!WireFormatLite::SkipField(&input, tag)) return false;
      continue;
    }
    uint32_t size = 0;
    if (!input.ReadVarint32(&size)) return false;
    const auto start = static_cast<std::size_t>(input.CurrentPosition());
    if (size > bytes.size() - start || !input.Skip(static_cast<int>(size))) return false;
    const FieldDescriptor* field = type.FindFieldByNumber(WireFormatLite::GetTagFieldNumber(tag));
    if (field != nullptr && Field(*field, bytes.substr(start, size), seen[field->number()]++, depth)) return true;
  }
  return false;
}

bool Walk::Field(const FieldDescriptor& field, absl::string_view bytes, int index, int depth) {
  const bool text = field.type() == FieldDescriptor::TYPE_STRING;
  const bool message = field.type() == FieldDescriptor::TYPE_MESSAGE;
  if (!message && (!text || IsUtf8(bytes))) return false;
  const std::size_t before = path_.size();
  Push(field, bytes, index);
  if (text || Message(*field.message_type(), bytes, depth + 1)) return true;
  path_.resize(before);
  return false;
}

void Walk::Push(const FieldDescriptor& field, absl::string_view bytes, int index) {
  const Descriptor& owner = *field.containing_type();
  // Paths into a Struct read as people write them: data.total, data.items[2].
  if (IsStructKind(owner, "Value") || owner.options().map_entry()) return;
  const std::string dot = path_.empty() ? "" : ".";
  if (IsStructKind(owner, "Struct")) {
    path_.push_back(dot + KeyOf(*field.message_type(), bytes));
  } else if (IsStructKind(owner, "ListValue")) {
    path_.push_back(absl::StrCat("[", index, "]"));
  } else if (field.is_map()) {
    path_.push_back(absl::StrCat(dot, field.name(), "[\"", KeyOf(*field.message_type(), bytes), "\"]"));
  } else if (field.is_repeated()) {
    path_.push_back(absl::StrCat(dot, field.name(), "[", index, "]"));
  } else {
    path_.push_back(dot + field.name());
  }
}

}  // namespace

std::optional<std::string> FindInvalidUtf8(const Descriptor& type, absl::string_view bytes) {
  Walk walk;
  if (!walk.Message(type, bytes, 0)) return std::nullopt;
  return walk.Path();
}

}  // namespace canvass::rpc
