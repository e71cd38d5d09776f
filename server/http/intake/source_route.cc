#include "server/http/intake/source_route.h"

#include <httplib.h>

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "server/base/error.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/events/sources/event_source.h"
#include "server/events/webhooks/json_text.h"
#include "server/events/webhooks/signature.h"
#include "server/events/webhooks/webhook.h"
#include "server/http/intake/problem.h"
#include "server/http/intake/publication.h"

namespace canvass::http {
namespace {

struct Addressee {
  tenants::TenantEntry tenant;
  v1::EventSource source;
};

// Whose call it is. Of a tenant that does not exist no more is told than of a source.
absl::StatusOr<Addressee> Find(const IntakeParts& parts, const std::string& tenant, const events::EventSourceId& id) {
  if (!CheckChosenId("tenant", tenant).ok() || !CheckChosenId("source", id.value()).ok()) {
    return events::EventSourceNotFound(id);
  }
  absl::StatusOr<tenants::TenantEntry> entry = parts.tenants.Find(TenantId(tenant));
  if (absl::IsNotFound(entry.status())) return events::EventSourceNotFound(id);
  CANVASS_RETURN_IF_ERROR(entry.status());
  CANVASS_ASSIGN_OR_RETURN(v1::EventSource source, parts.sources.Find(entry->scope, id));
  return Addressee{.tenant = *std::move(entry), .source = std::move(source)};
}

events::WebhookCall CallOf(const httplib::Request& request, const std::string& body) {
  events::WebhookCall call{.body = body, .headers = {}};
  for (const auto& [name, value] : request.headers) call.headers.emplace(absl::AsciiStrToLower(name), value);
  return call;
}

std::vector<Item> ItemsOf(std::vector<events::WebhookItem> read) {
  std::vector<Item> items;
  for (events::WebhookItem& from : read) {
    Item& item = items.emplace_back();
    if (from.event.has_value()) item.id = from.event->id();
    item.event = std::move(from.event);
    item.contact = std::move(from.contact);
    item.ignored = std::move(from.ignored);
  }
  return items;
}

}  // namespace

absl::Status TakeWebhook(const IntakeParts& parts, const httplib::Request& request, const std::string& body,
                         httplib::Response& response) {
  const events::EventSourceId id(request.matches[2].str());
  CANVASS_ASSIGN_OR_RETURN(const Addressee to, Find(parts, request.matches[1].str(), id));
  const events::WebhookCall call = CallOf(request, body);
  CANVASS_RETURN_IF_ERROR(events::VerifySignature(to.source.kind(), to.source.secret(), call, parts.clock.Now()));
  if (!to.tenant.is_active) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_TENANT_SUSPENDED,
                 "the tenant is suspended; nothing is taken in for it");
  }
  CANVASS_ASSIGN_OR_RETURN(const nlohmann::json payload, events::ParseJson(body));
  std::vector<Item> items = ItemsOf(events::ReadWebhook(to.source.kind(), id.value(), call, payload));
  if (items.size() > kMaxItems) {
    return Error(absl::StatusCode::kInvalidArgument, v1::ERROR_REASON_INVALID_FIELD,
                 absl::StrCat("a call has at most ", kMaxItems, " events; let the other system send smaller batches"));
  }
  CANVASS_RETURN_IF_ERROR(Publish(parts, to.tenant.scope, items));
  response.status = AnyStored(items) ? 200 : 202;
  response.set_content(Dump(ResultsJson(items)), "application/json");
  return absl::OkStatus();
}

}  // namespace canvass::http
