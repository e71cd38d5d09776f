#include "server/events/webhooks/zendesk.h"

#include <nlohmann/json.hpp>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "server/events/webhooks/contact_builder.h"
#include "server/events/webhooks/json_text.h"
#include "server/events/webhooks/payload.h"

namespace canvass::events {
namespace {

using nlohmann::json;

constexpr absl::string_view kTicketEvent = "zen:event-type:ticket.";

// Alike in an event's `detail` and in a `ticket`.
constexpr FactRule kTicketFacts[] = {
    {"ticket_id", "id", FactKind::kText},
    {"priority", "priority", FactKind::kText},
    {"ticket_type", "type", FactKind::kText},
    {"channel", "via.channel", FactKind::kText},
    {"assignee_id", "assignee_id", FactKind::kText},
    {"group_id", "group_id", FactKind::kText},
    {"brand_id", "brand_id", FactKind::kText},
    {"organization_id", "organization_id", FactKind::kText},
    {"tags", "tags", FactKind::kWords},
    {"is_public", "is_public", FactKind::kFlag},
    {"satisfaction", "satisfaction_rating.score", FactKind::kText},
};

// The ticket's requester. A mail's sender is the requester if the requester submitted the ticket.
std::optional<v1::Contact> RequesterOf(const json& ticket, absl::string_view id) {
  ContactBuilder contact(id);
  const bool sent_it = TextAt(ticket, "submitter_id") == id && TextAt(ticket, "via.channel") == "email";
  contact.Email(TextAt(ticket, "requester.email"));
  contact.Phone(TextAt(ticket, "requester.phone"));
  contact.Language(TextAt(ticket, "requester.locale"));
  contact.Attribute("name", TextAt(ticket, "requester.name"));
  if (At(ticket, "requester") == nullptr && sent_it) {
    contact.Email(TextAt(ticket, "via.source.from.address"));
    contact.Attribute("name", TextAt(ticket, "via.source.from.name"));
  }
  return contact.Build();
}

// An event about `ticket`, whose requester is known.
WebhookItem TicketItem(const json& ticket, absl::string_view id, absl::string_view requester, absl::string_view time) {
  const std::string status = TypePart(TextAt(ticket, "status"));
  WebhookItem item = Happened(id, absl::StrCat("zendesk.ticket.", status), requester, ParseTimestamp(time));
  CopyFacts(kTicketFacts, ticket, *item.event->mutable_data());
  (*item.event->mutable_data()->mutable_fields())["status"].set_string_value(status);
  item.contact = RequesterOf(ticket, requester);
  return item;
}

// What an event subscription sends: what a ticket is now, and what was just changed about it.
WebhookItem ReadSubscription(const json& payload, absl::string_view type) {
  if (type != "zen:event-type:ticket.created" && type != "zen:event-type:ticket.status_changed") {
    return Ignored(absl::StrCat("'", type, "' is neither a ticket's creation nor a change of its status"));
  }
  const json* ticket = At(payload, "detail");
  const std::string requester = TextAt(payload, "detail.requester_id");
  if (requester.empty()) return Ignored("the ticket has no requester");
  if (TextAt(*ticket, "status").empty()) return Ignored("the ticket has no status");
  WebhookItem item = TicketItem(*ticket, TextAt(payload, "id"), requester, TextAt(payload, "time"));
  const std::string previous = TypePart(TextAt(payload, "event.previous"));
  if (!previous.empty()) {
    (*item.event->mutable_data()->mutable_fields())["previous_status"].set_string_value(previous);
  }
  return item;
}

// What a trigger or an automation sends, by a body that the tenant wrote.
WebhookItem ReadTicket(const json& ticket) {
  const std::string requester = FirstTextAt(ticket, {"requester_id", "requester.id"});
  const std::string status = TextAt(ticket, "status");
  if (requester.empty()) return Ignored("the ticket has no requester_id");
  if (status.empty()) return Ignored("the ticket has no status");
  const std::string time = FirstTextAt(ticket, {"updated_at", "created_at"});
  // The same ticket may be solved twice, at different times; a delivery that is repeated has the time of the first.
  const std::string id = absl::StrCat("ticket:", TextAt(ticket, "id"), ":", TypePart(status), ":", time);
  return TicketItem(ticket, id, requester, time);
}

}  // namespace

WebhookItem ReadZendesk(const json& payload) {
  const std::string type = TextAt(payload, "type");
  if (absl::StartsWith(type, kTicketEvent)) return ReadSubscription(payload, type);
  const json* ticket = At(payload, "ticket");
  if (ticket != nullptr && ticket->is_object()) return ReadTicket(*ticket);
  return Ignored("the call is neither a ticket event of Zendesk nor has it a `ticket`");
}

}  // namespace canvass::events
