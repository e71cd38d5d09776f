#include "server/http/intake/cloud_event.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/events/event.h"
#include "server/events/webhooks/json_text.h"

namespace canvass::http {
namespace {

using nlohmann::json;

constexpr std::size_t kMaxQuoted = 64;
constexpr char kCause[] = "canvasscause";

std::string Quoted(absl::string_view text) {
  return absl::StrCat("'", absl::Utf8SafeCHexEscape(Shorten(text, kMaxQuoted)), "'");
}

bool IsAttributeName(absl::string_view name) {
  // Capitals are against the specification, but SDKs let them pass.
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)); });
}

bool IsJsonMediaType(absl::string_view type) { return absl::EndsWith(type, "/json") || absl::EndsWith(type, "+json"); }

// Reads one envelope and collects what is wrong with it.
class EnvelopeReader {
 public:
  explicit EnvelopeReader(const json& envelope) : envelope_(envelope) {}

  v1::Event Read() {
    // First: what is wrong by then is that it is no string.
    const std::string version = Text("specversion");
    if (version != "1.0" && violations_.empty()) {
      violations_.Add("specversion", absl::StrCat("is ", Quoted(version), "; this server takes CloudEvents 1.0"));
    }
    CheckNames();
    v1::Event event;
    event.set_id(Text("id"));
    event.set_source(Text("source"));
    event.set_type(Text("type"));
    event.set_subject(Text("subject"));
    event.set_cause(Text(kCause));
    ReadTime(event);
    ReadData(event);
    return event;
  }

  // What was found, with what events::ValidateEvent finds beyond.
  absl::Status Status(const v1::Event& event, absl::Time now) {
    if (violations_.empty()) return absl::OkStatus();
    for (const FieldViolation& more : ViolationsOf(events::ValidateEvent(event, now))) {
      const bool is_known = std::any_of(violations_.list().begin(), violations_.list().end(),
                                        [&](const FieldViolation& known) { return known.field == more.field; });
      if (!is_known) violations_.Add(more.field, more.description);
    }
    return violations_.ToStatus(v1::ERROR_REASON_INVALID_EVENT);
  }

 private:
  // The member `name`; nullptr if it is not there, or null, which CloudEvents take for the same.
  const json* Find(const char* name) const {
    const auto found = envelope_.find(name);
    return found == envelope_.end() || found->is_null() ? nullptr : &*found;
  }

  std::string Text(const char* name) {
    const json* value = Find(name);
    if (value == nullptr) return "";
    if (value->is_string()) return value->get<std::string>();
    violations_.Add(name, "must be a string");
    return "";
  }

  void CheckNames() {
    for (const auto& [name, value] : envelope_.items()) {
      if (name == "data_base64" || IsAttributeName(name)) continue;
      violations_.Add(absl::Utf8SafeCHexEscape(Shorten(name, kMaxQuoted)),
                      "is no name of an attribute: those have letters and digits alone");
    }
  }

  void ReadTime(v1::Event& event) {
    const std::string text = Text("time");
    if (text.empty()) return;
    if (const auto time = events::ParseTimestamp(text)) {
      *event.mutable_time() = *time;
    } else {
      violations_.Add("time", absl::StrCat(Quoted(text), " is no time of RFC 3339, for example 2026-05-04T12:00:00Z"));
    }
  }

  void ReadData(v1::Event& event) {
    const std::string type = MediaType(Text("datacontenttype"));
    if (!type.empty() && !IsJsonMediaType(type)) {
      violations_.Add("datacontenttype",
                      absl::StrCat(Quoted(type), " is no JSON; conditions need a JSON object as data"));
    } else if (Find("data_base64") != nullptr) {
      violations_.Add("data_base64", "holds bytes; conditions need a JSON object in data");
    } else if (const json* data = Find("data"); data != nullptr && !data->is_object()) {
      violations_.Add("data", absl::StrCat("is a JSON ", data->type_name(), "; conditions need an object"));
    } else if (data != nullptr) {
      events::ToStruct(*data, *event.mutable_data());
    }
  }

  const json& envelope_;
  Violations violations_;
};

}  // namespace

std::string MediaType(absl::string_view content_type) {
  const absl::string_view type = content_type.substr(0, content_type.find(';'));
  return absl::AsciiStrToLower(absl::StripAsciiWhitespace(type));
}

absl::StatusOr<v1::Event> ReadCloudEvent(const json& envelope, absl::Time now) {
  if (!envelope.is_object()) {
    return Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_EVENT,
                 absl::StrCat("an event is a JSON object, not of type ", envelope.type_name()));
  }
  EnvelopeReader reader(envelope);
  v1::Event event = reader.Read();
  CANVASS_RETURN_IF_ERROR(reader.Status(event, now));
  return event;
}

absl::StatusOr<json> BinaryEnvelope(const std::vector<std::pair<std::string, std::string>>& attributes,
                                    absl::string_view content_type, absl::string_view body) {
  json envelope = json::object();
  Violations violations;
  for (const auto& [header, value] : attributes) {
    const std::string name = absl::AsciiStrToLower(header);
    // The body is the data, whatever else calls itself so.
    if (absl::StartsWith(name, "data")) continue;
    if (IsUtf8(value)) {
      envelope[name] = value;
    } else {
      violations.Add(absl::Utf8SafeCHexEscape(Shorten(name, kMaxQuoted)), "its header is not percent-encoded UTF-8");
    }
  }
  CANVASS_RETURN_IF_ERROR(violations.ToStatus(v1::ERROR_REASON_INVALID_EVENT));
  if (!content_type.empty()) envelope["datacontenttype"] = std::string(content_type);
  const std::string type = MediaType(content_type);
  const bool is_json = type.empty() || IsJsonMediaType(type);
  if (is_json && !body.empty()) {
    CANVASS_ASSIGN_OR_RETURN(envelope["data"], events::ParseJson(body));
  }
  return envelope;
}

}  // namespace canvass::http
