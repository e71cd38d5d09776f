#include "server/events/webhooks/stripe.h"

#include <nlohmann/json.hpp>

#include "absl/strings/str_cat.h"
#include "server/events/webhooks/contact_builder.h"
#include "server/events/webhooks/json_text.h"
#include "server/events/webhooks/payload.h"

namespace canvass::events {
namespace {

using nlohmann::json;

// Below data.object, whichever object it is. Amounts are whole numbers of the currency's smallest unit, as Stripe
// counts them: `amount_paid: 2000` and `currency: usd` are 20 dollars.
constexpr FactRule kObjectFacts[] = {
    {"object", "object", FactKind::kText},
    {"object_id", "id", FactKind::kText},
    {"amount", "amount", FactKind::kNumber},
    {"amount_captured", "amount_captured", FactKind::kNumber},
    {"amount_received", "amount_received", FactKind::kNumber},
    {"amount_refunded", "amount_refunded", FactKind::kNumber},
    {"amount_due", "amount_due", FactKind::kNumber},
    {"amount_paid", "amount_paid", FactKind::kNumber},
    {"amount_remaining", "amount_remaining", FactKind::kNumber},
    {"amount_subtotal", "amount_subtotal", FactKind::kNumber},
    {"amount_total", "amount_total", FactKind::kNumber},
    {"subtotal", "subtotal", FactKind::kNumber},
    {"total", "total", FactKind::kNumber},
    {"tax", "tax", FactKind::kNumber},
    {"currency", "currency", FactKind::kText},
    {"status", "status", FactKind::kText},
    {"payment_status", "payment_status", FactKind::kText},
    {"mode", "mode", FactKind::kText},
    {"paid", "paid", FactKind::kFlag},
    {"refunded", "refunded", FactKind::kFlag},
    {"disputed", "disputed", FactKind::kFlag},
    {"attempt_count", "attempt_count", FactKind::kNumber},
    {"billing_reason", "billing_reason", FactKind::kText},
    {"collection_method", "collection_method", FactKind::kText},
    {"failure_code", "failure_code", FactKind::kText},
    {"reason", "reason", FactKind::kText},
    {"cancel_at_period_end", "cancel_at_period_end", FactKind::kFlag},
    {"quantity", "quantity", FactKind::kNumber},
    {"plan_interval", "plan.interval", FactKind::kText},
    {"subscription", "subscription", FactKind::kText},
    {"invoice", "invoice", FactKind::kText},
    {"payment_intent", "payment_intent", FactKind::kText},
};

// The customer's id: the object's own, a reference, or a customer that was expanded.
std::string CustomerId(const json& object) {
  if (TextAt(object, "object") == "customer") return TextAt(object, "id");
  return FirstTextAt(object, {"customer", "customer.id"});
}

std::optional<v1::Contact> CustomerOf(const json& object, absl::string_view id) {
  ContactBuilder contact(id);
  const bool is_customer = TextAt(object, "object") == "customer";
  contact.Email(is_customer ? TextAt(object, "email")
                            : FirstTextAt(object, {"customer_email", "customer_details.email", "customer.email",
                                                   "billing_details.email", "receipt_email"}));
  contact.Phone(is_customer ? TextAt(object, "phone")
                            : FirstTextAt(object, {"customer_phone", "customer_details.phone", "customer.phone"}));
  contact.Attribute("name", is_customer
                                ? TextAt(object, "name")
                                : FirstTextAt(object, {"customer_name", "customer_details.name", "customer.name"}));
  const json* locales = At(object, "preferred_locales");
  if (is_customer && locales != nullptr && locales->is_array() && !locales->empty() && locales->front().is_string()) {
    contact.Language(locales->front().get_ref<const std::string&>());
  }
  return contact.Build();
}

std::optional<google::protobuf::Timestamp> CreateTime(const json& payload) {
  const json* created = At(payload, "created");
  if (created == nullptr || !created->is_number_integer()) return std::nullopt;
  google::protobuf::Timestamp time;
  time.set_seconds(created->get<int64_t>());
  return time;
}

}  // namespace

WebhookItem ReadStripe(const json& payload) {
  const std::string type = TextAt(payload, "type");
  const json* object = At(payload, "data.object");
  if (type.empty() || object == nullptr || !object->is_object()) {
    return Ignored("the call is no event of Stripe about an object");
  }
  const std::string customer = CustomerId(*object);
  if (customer.empty()) return Ignored(absl::StrCat("the ", TextAt(*object, "object"), " has no customer"));
  WebhookItem item =
      Happened(TextAt(payload, "id"), absl::StrCat("stripe.", TypePart(type)), customer, CreateTime(payload));
  google::protobuf::Struct& data = *item.event->mutable_data();
  CopyFacts(kObjectFacts, *object, data);
  CopyFacts({{"livemode", "livemode", FactKind::kFlag}}, payload, data);
  const json* metadata = At(*object, "metadata");
  if (metadata != nullptr && metadata->is_object() && !metadata->empty()) {
    ToStruct(*metadata, *(*data.mutable_fields())["metadata"].mutable_struct_value());
  }
  item.contact = CustomerOf(*object, customer);
  return item;
}

}  // namespace canvass::events
