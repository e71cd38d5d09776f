#include "server/http/intake/cloud_event_route.h"

#include <httplib.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/escaping.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/status_macros.h"
#include "server/base/text/characters.h"
#include "server/events/webhooks/json_text.h"
#include "server/http/intake/cloud_event.h"
#include "server/http/intake/problem.h"
#include "server/http/intake/publication.h"

namespace canvass::http {
namespace {

using nlohmann::json;

constexpr absl::string_view kStructured = "application/cloudevents+json";
constexpr absl::string_view kBatch = "application/cloudevents-batch+json";
constexpr absl::string_view kHeaderPrefix = "ce-";

absl::Status UnknownMediaType(absl::string_view type) {
  return Error(
      absl::StatusCode::kUnimplemented, v1::ERROR_REASON_MALFORMED_MESSAGE,
      absl::StrCat("Content-Type '", absl::Utf8SafeCHexEscape(Shorten(type, 100)), "' is not taken; send ", kStructured,
                   ", ", kBatch, ", or a JSON object with the event's attributes as ce- headers"));
}

Item MakeItem(const json& envelope, absl::Time now) {
  Item item;
  if (envelope.is_object() && envelope.contains("id") && envelope["id"].is_string()) item.id = envelope["id"];
  absl::StatusOr<v1::Event> event = ReadCloudEvent(envelope, now);
  if (event.ok()) {
    item.event = *std::move(event);
  } else {
    item.refusal = std::move(event).status();
  }
  return item;
}

// The attributes that are headers, by their names without the prefix.
std::vector<std::pair<std::string, std::string>> HeaderAttributes(const httplib::Request& request) {
  std::vector<std::pair<std::string, std::string>> attributes;
  for (const auto& [name, value] : request.headers) {
    if (absl::StartsWithIgnoreCase(name, kHeaderPrefix))
      attributes.emplace_back(name.substr(kHeaderPrefix.size()), value);
  }
  return attributes;
}

absl::StatusOr<std::vector<Item>> ReadItems(const httplib::Request& request, const std::string& body, absl::Time now) {
  const std::string content_type = request.get_header_value("Content-Type");
  const std::string type = MediaType(content_type);
  std::vector<Item> items;
  if (type == kBatch) {
    CANVASS_ASSIGN_OR_RETURN(const json batch, events::ParseJson(body));
    if (!batch.is_array() || batch.size() > kMaxItems) {
      return Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD,
                   absl::StrCat("a batch is a JSON array of at most ", kMaxItems, " events"));
    }
    for (const json& envelope : batch) items.push_back(MakeItem(envelope, now));
  } else if (type == kStructured) {
    CANVASS_ASSIGN_OR_RETURN(const json envelope, events::ParseJson(body));
    items.push_back(MakeItem(envelope, now));
  } else if (request.has_header("ce-specversion") && !absl::StartsWith(type, "application/cloudevents")) {
    CANVASS_ASSIGN_OR_RETURN(const json envelope, BinaryEnvelope(HeaderAttributes(request), content_type, body));
    items.push_back(MakeItem(envelope, now));
  } else {
    return UnknownMediaType(type);
  }
  return items;
}

}  // namespace

absl::Status TakeCloudEvents(const IntakeParts& parts, const httplib::Request& request, const std::string& body,
                             httplib::Response& response) {
  CANVASS_ASSIGN_OR_RETURN(const TenantScope scope,
                           parts.authorize(kPublishMethod, request.get_header_value("Authorization")));
  CANVASS_ASSIGN_OR_RETURN(std::vector<Item> items, ReadItems(request, body, parts.clock.Now()));
  CANVASS_RETURN_IF_ERROR(Publish(parts, scope, items));
  const bool is_batch = MediaType(request.get_header_value("Content-Type")) == kBatch;
  const v1::EventResult& first = items.empty() ? v1::EventResult::default_instance() : items.front().result;
  if (!is_batch && first.has_problem()) {
    const nlohmann::ordered_json problem = ProblemJson(first.problem());
    response.status = problem["status"];
    response.set_content(Dump(problem), "application/problem+json");
    return absl::OkStatus();
  }
  response.status = 200;
  response.set_content(Dump(ResultsJson(items)), "application/json");
  return absl::OkStatus();
}

}  // namespace canvass::http
