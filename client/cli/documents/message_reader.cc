#include "client/cli/documents/message_reader.h"

#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "client/cli/documents/nearest.h"
#include "client/cli/documents/scalars.h"
#include "google/protobuf/util/json_util.h"

namespace canvass::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using nlohmann::json;

// Whole numbers above this are not exact in JSON, nor in google.protobuf.Value.
constexpr double kMaxExact = 9007199254740992;

std::string Join(absl::string_view path, absl::string_view key) {
  return path.empty() ? std::string(key) : absl::StrCat(path, ".", key);
}

std::string KindText(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kScalar:
      return absl::StrCat("'", node.text, "'");
    case Node::Kind::kList:
      return "a list";
    case Node::Kind::kMap:
      return "a map";
  }
  return "";
}

// The field of a message that is nothing but a list, nullptr for others.
const FieldDescriptor* OnlyList(const Descriptor& type) {
  if (type.field_count() != 1 || !type.field(0)->is_repeated() || type.field(0)->is_map()) return nullptr;
  return type.field(0);
}

// The same for a message that is nothing but a map.
const FieldDescriptor* OnlyMap(const Descriptor& type) {
  return type.field_count() == 1 && type.field(0)->is_map() ? type.field(0) : nullptr;
}

// Whether `node` gives the map as a field of its message: `{columns: {speed: good}}`, not `{speed: good}`.
bool NamesField(const Node& node, const FieldDescriptor& field) {
  return node.members.size() == 1 && node.members.front().key == field.name() &&
         node.members.front().value.kind == Node::Kind::kMap;
}

std::vector<std::string> OneofNames(const google::protobuf::OneofDescriptor& oneof) {
  std::vector<std::string> names;
  for (int i = 0; i < oneof.field_count(); ++i) names.push_back(oneof.field(i)->name());
  return names;
}

bool IsBoolean(absl::string_view text, bool& value) {
  value = text == "true" || text == "True" || text == "TRUE";
  return value || text == "false" || text == "False" || text == "FALSE";
}

// YAML 1.2's numbers, which begin like JSON's; "1e3" is one, "0x10", "1_000" and "12:30" are not.
bool IsNumber(absl::string_view text, double& value) {
  if (text.empty() || text.find_first_not_of("0123456789+-.eE") != absl::string_view::npos) return false;
  if (text.find_first_of("0123456789") == absl::string_view::npos) return false;
  return absl::SimpleAtod(text, &value) && std::isfinite(value);
}

bool IsInteger(absl::string_view text) { return text.find_first_of(".eE") == absl::string_view::npos; }

}  // namespace

std::vector<std::string> FieldNames(const Descriptor& type) {
  std::vector<std::string> names;
  for (int i = 0; i < type.field_count(); ++i) names.push_back(type.field(i)->name());
  return names;
}

void MessageReader::Read(const Node& node, google::protobuf::Message& message) {
  // A Struct has whatever fields the document has.
  const bool is_open = message.GetDescriptor()->full_name() == "google.protobuf.Struct";
  const Json fields = is_open ? ReadAnything(node, "") : ReadFields(node, *message.GetDescriptor(), "");
  if (!problems_.empty()) return;
  const std::string text = fields.dump(-1, ' ', false, Json::error_handler_t::replace);
  const auto status = google::protobuf::util::JsonStringToMessage(text, &message);
  // Everything was checked on the way; this is for what only protobuf knows, such as its range of times.
  if (!status.ok()) problems_.Add(node.line, "", status.message().as_string());
}

MessageReader::Json MessageReader::ReadFields(const Node& node, const Descriptor& type, const std::string& path) {
  if (node.kind != Node::Kind::kMap) {
    return Refuse(node, path,
                  absl::StrCat("expected fields (", absl::StrJoin(FieldNames(type), ", "), "), not ", KindText(node)));
  }
  Json fields = Json::object();
  std::set<std::string> seen;
  absl::flat_hash_map<const google::protobuf::OneofDescriptor*, std::string> chosen;
  for (const Member& member : node.members) {
    const std::string field_path = Join(path, member.key);
    const FieldDescriptor* field = type.FindFieldByName(member.key);
    if (field == nullptr) {
      ReportUnknown(member, type, path);
      continue;
    }
    if (!seen.insert(member.key).second) {
      problems_.Add(member.line, field_path, "is given twice");
      continue;
    }
    locations_.Add(field_path, member.line);
    const auto* oneof = field->real_containing_oneof();
    if (oneof != nullptr && !chosen.try_emplace(oneof, member.key).second) {
      problems_.Add(member.line, field_path,
                    absl::StrCat("cannot stand beside '", chosen[oneof], "'; only one of ",
                                 absl::StrJoin(OneofNames(*oneof), ", ")));
      continue;
    }
    Json value = ReadField(member.value, *field, field_path);
    if (!value.is_null()) fields[member.key] = std::move(value);
  }
  return fields;
}

MessageReader::Json MessageReader::ReadField(const Node& node, const Field& field, const std::string& path) {
  if (node.kind == Node::Kind::kNull) {
    // `nps:` chooses the kind, its settings being the usual ones; elsewhere nothing means not set.
    const bool chooses = field.real_containing_oneof() != nullptr && field.message_type() != nullptr;
    return chooses ? Json::object() : Json();
  }
  if (field.is_map()) return ReadMap(node, field, path);
  if (field.is_repeated()) return ReadList(node, field, path);
  return ReadSingle(node, field, path);
}

MessageReader::Json MessageReader::ReadList(const Node& node, const Field& field, const std::string& path) {
  if (node.kind != Node::Kind::kList) {
    return Refuse(node, path, absl::StrCat("expected a list, not ", KindText(node)));
  }
  Json list = Json::array();
  for (std::size_t i = 0; i < node.items.size(); ++i) {
    const std::string item_path = absl::StrCat(path, "[", i, "]");
    locations_.Add(item_path, node.items[i].line);
    Json item = node.items[i].kind == Node::Kind::kNull ? Refuse(node.items[i], item_path, "is empty")
                                                        : ReadSingle(node.items[i], field, item_path);
    list.push_back(std::move(item));
  }
  return list;
}

MessageReader::Json MessageReader::ReadMap(const Node& node, const Field& field, const std::string& path) {
  const FieldDescriptor& value_field = *field.message_type()->map_value();
  Json map = Json::object();
  const bool text = value_field.type() == FieldDescriptor::TYPE_STRING;
  if (node.kind == Node::Kind::kScalar && text) {
    if (options_.language.empty()) {
      return Refuse(node, path, "is one text, but default_language, which would say its language, is not set");
    }
    map[options_.language] = node.text;
    return map;
  }
  if (node.kind != Node::Kind::kMap) {
    return Refuse(node, path, absl::StrCat("expected a text, or texts by language, not ", KindText(node)));
  }
  for (const Member& member : node.members) {
    const std::string member_path = Join(path, member.key);
    locations_.Add(member_path, member.line);
    if (map.contains(member.key)) problems_.Add(member.line, member_path, "is given twice");
    map[member.key] = ReadSingle(member.value, value_field, member_path);
  }
  return map;
}

MessageReader::Json MessageReader::ReadSingle(const Node& node, const Field& field, const std::string& path) {
  return field.message_type() != nullptr ? ReadMessage(node, *field.message_type(), path)
                                         : ReadScalar(node, field, path);
}

MessageReader::Json MessageReader::ReadMessage(const Node& node, const Descriptor& type, const std::string& path) {
  const std::string& name = type.full_name();
  const bool scalar = node.kind == Node::Kind::kScalar;
  if (name == "google.protobuf.Value") return ReadAnything(node, path);
  if (name == "google.protobuf.Struct") {
    if (node.kind == Node::Kind::kMap) return ReadAnything(node, path);
    return Refuse(node, path, absl::StrCat("expected a map, not ", KindText(node)));
  }
  if (name == "google.protobuf.Duration") {
    const auto duration = scalar ? ParseDuration(node.text) : absl::InvalidArgumentError("expected a duration");
    if (!duration.ok()) return Refuse(node, path, duration.status().message());
    return absl::StrFormat("%d.%09ds", absl::ToInt64Seconds(*duration),
                           absl::ToInt64Nanoseconds(*duration - absl::Trunc(*duration, absl::Seconds(1))));
  }
  if (name == "google.protobuf.Timestamp") {
    const auto time = scalar ? ParseTime(node.text) : absl::InvalidArgumentError("expected a time");
    if (!time.ok()) return Refuse(node, path, time.status().message());
    return absl::FormatTime("%Y-%m-%dT%H:%M:%E9SZ", *time, absl::UTCTimeZone());
  }
  if (name == "canvass.v1.Condition" && scalar) return Json{{"text", node.text}};
  const FieldDescriptor* only_list = OnlyList(type);
  if (node.kind == Node::Kind::kList && only_list != nullptr) {
    return Json{{only_list->name(), ReadList(node, *only_list, path)}};
  }
  const FieldDescriptor* only_map = OnlyMap(type);
  if (node.kind == Node::Kind::kMap && only_map != nullptr && !NamesField(node, *only_map)) {
    return Json{{only_map->name(), ReadMap(node, *only_map, path)}};
  }
  return ReadFields(node, type, path);
}

MessageReader::Json MessageReader::ReadScalar(const Node& node, const Field& field, const std::string& path) {
  if (node.kind != Node::Kind::kScalar) {
    return Refuse(node, path, absl::StrCat("expected one value, not ", KindText(node)));
  }
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return node.text;
    case FieldDescriptor::CPPTYPE_BOOL: {
      bool value = false;
      if (!node.quoted && IsBoolean(node.text, value)) return value;
      return Refuse(node, path, absl::StrCat(KindText(node), " is neither true nor false"));
    }
    case FieldDescriptor::CPPTYPE_ENUM: {
      const auto value = ParseEnum(*field.enum_type(), node.text);
      if (value.ok()) return (*value)->name();
      return Refuse(node, path, value.status().message());
    }
    default:
      return ReadNumber(node, field, path);
  }
}

MessageReader::Json MessageReader::ReadNumber(const Node& node, const Field& field, const std::string& path) {
  double value = 0;
  if (node.quoted || !IsNumber(node.text, value)) {
    return Refuse(node, path, absl::StrCat(KindText(node), " is not a number"));
  }
  if (field.cpp_type() == FieldDescriptor::CPPTYPE_DOUBLE || field.cpp_type() == FieldDescriptor::CPPTYPE_FLOAT) {
    return value;
  }
  std::int64_t whole = 0;
  const bool small = field.cpp_type() == FieldDescriptor::CPPTYPE_INT32;
  if (!absl::SimpleAtoi(node.text, &whole) || (small && whole != static_cast<std::int32_t>(whole))) {
    return Refuse(node, path, absl::StrCat(KindText(node), " is not a whole number", small ? " of this size" : ""));
  }
  return whole;
}

MessageReader::Json MessageReader::ReadAnything(const Node& node, const std::string& path) {
  if (node.kind == Node::Kind::kNull) return nullptr;
  if (node.kind == Node::Kind::kScalar) return ReadPlainScalar(node, path);
  if (node.kind == Node::Kind::kList) {
    Json list = Json::array();
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      list.push_back(ReadAnything(node.items[i], absl::StrCat(path, "[", i, "]")));
    }
    return list;
  }
  Json map = Json::object();
  for (const Member& member : node.members) {
    const std::string member_path = Join(path, member.key);
    locations_.Add(member_path, member.line);
    if (map.contains(member.key)) problems_.Add(member.line, member_path, "is given twice");
    map[member.key] = ReadAnything(member.value, member_path);
  }
  return map;
}

MessageReader::Json MessageReader::ReadPlainScalar(const Node& node, const std::string& path) {
  bool boolean = false;
  double number = 0;
  if (node.quoted) return node.text;
  if (IsBoolean(node.text, boolean)) return boolean;
  if (!IsNumber(node.text, number)) return node.text;
  // Rounding an order's number without a word would make another order of it.
  if (std::abs(number) > kMaxExact && IsInteger(node.text)) {
    return Refuse(node, path, absl::StrCat(node.text, " is too large to be exact as a number; write it in quotes"));
  }
  return number;
}

void MessageReader::ReportUnknown(const Member& member, const Descriptor& type, const std::string& path) {
  for (int i = 0; i < type.real_oneof_decl_count(); ++i) {
    if (type.oneof_decl(i)->name() != member.key) continue;
    const std::string names = absl::StrJoin(OneofNames(*type.oneof_decl(i)), ", ");
    problems_.Add(member.line, Join(path, member.key),
                  absl::StrCat("is not written; use the ", member.key, "'s own name as the field: one of ", names));
    return;
  }
  std::vector<std::string> names = FieldNames(type);
  if (path.empty()) names.insert(names.end(), options_.other_names.begin(), options_.other_names.end());
  problems_.Add(member.line, Join(path, member.key), absl::StrCat("is unknown", Suggestion(member.key, names)));
}

MessageReader::Json MessageReader::Refuse(const Node& node, const std::string& path, absl::string_view message) {
  problems_.Add(node.line, path, message);
  return nullptr;
}

}  // namespace canvass::cli
