#include "server/events/webhooks/shopify.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/events/webhooks/contact_builder.h"
#include "server/events/webhooks/json_text.h"
#include "server/events/webhooks/payload.h"

namespace canvass::events {
namespace {

using google::protobuf::Struct;
using nlohmann::json;

// So that an event stays far below its limit of 64 KiB; more of an order decides nothing.
constexpr std::size_t kMaxLineItems = 50;

constexpr FactRule kOrderFacts[] = {
    {"order_id", "id", FactKind::kText},
    {"order_name", "name", FactKind::kText},
    {"total_price", "total_price", FactKind::kNumber},
    {"current_total_price", "current_total_price", FactKind::kNumber},
    {"subtotal_price", "subtotal_price", FactKind::kNumber},
    {"total_tax", "total_tax", FactKind::kNumber},
    {"total_discounts", "total_discounts", FactKind::kNumber},
    {"currency", "currency", FactKind::kText},
    {"financial_status", "financial_status", FactKind::kText},
    {"fulfillment_status", "fulfillment_status", FactKind::kText},
    {"cancelled", "cancelled_at", FactKind::kIsSet},
    {"cancel_reason", "cancel_reason", FactKind::kText},
    {"test", "test", FactKind::kFlag},
    {"source_name", "source_name", FactKind::kText},
    {"tags", "tags", FactKind::kTags},
    {"payment_gateways", "payment_gateway_names", FactKind::kTags},
    {"location_id", "location_id", FactKind::kText},
    {"shipping_country", "shipping_address.country_code", FactKind::kText},
    {"shipping_province", "shipping_address.province_code", FactKind::kText},
    {"billing_country", "billing_address.country_code", FactKind::kText},
    {"customer_orders_count", "customer.orders_count", FactKind::kNumber},
};

constexpr FactRule kFulfillmentFacts[] = {
    {"fulfillment_id", "id", FactKind::kText},       {"order_id", "order_id", FactKind::kText},
    {"fulfillment_name", "name", FactKind::kText},   {"fulfillment_status", "status", FactKind::kText},
    {"location_id", "location_id", FactKind::kText}, {"shipping_country", "destination.country_code", FactKind::kText},
};

// Where a parcel is.
constexpr FactRule kShipmentFacts[] = {
    {"shipment_status", "shipment_status", FactKind::kText},
    {"carrier", "tracking_company", FactKind::kText},
};

constexpr FactRule kLineItemFacts[] = {
    {"sku", "sku", FactKind::kText},
    {"product_id", "product_id", FactKind::kText},
    {"title", "title", FactKind::kText},
    {"vendor", "vendor", FactKind::kText},
    {"quantity", "quantity", FactKind::kNumber},
    {"price", "price", FactKind::kNumber},
};

// The list at `path`; nullptr if there is none, or nothing in it.
const json* ListAt(const json& payload, absl::string_view path) {
  const json* list = At(payload, path);
  return list != nullptr && list->is_array() && !list->empty() ? list : nullptr;
}

void AddLineItems(const json& payload, Struct& data) {
  const json* items = ListAt(payload, "line_items");
  if (items == nullptr) return;
  double count = 0;
  auto& list = *(*data.mutable_fields())["line_items"].mutable_list_value();
  for (const json& item : *items) {
    Struct facts;
    CopyFacts(kLineItemFacts, item, facts);
    const auto quantity = facts.fields().find("quantity");
    if (quantity != facts.fields().end()) count += quantity->second.number_value();
    if (static_cast<std::size_t>(list.values_size()) < kMaxLineItems) {
      *list.add_values()->mutable_struct_value() = std::move(facts);
    }
  }
  (*data.mutable_fields())["item_count"].set_number_value(count);
}

void AddDiscountCodes(const json& order, Struct& data) {
  const json* codes = ListAt(order, "discount_codes");
  if (codes == nullptr) return;
  for (const json& code : *codes) {
    const std::string text = TextAt(code, "code");
    if (text.empty()) continue;
    (*data.mutable_fields())["discount_codes"].mutable_list_value()->add_values()->set_string_value(text);
  }
}

void AddOrder(const json& order, Struct& data) {
  CopyFacts(kOrderFacts, order, data);
  AddDiscountCodes(order, data);
  // The latest parcel's way is told by the order, too.
  if (const json* parcels = ListAt(order, "fulfillments")) CopyFacts(kShipmentFacts, parcels->back(), data);
}

std::optional<v1::Contact> CustomerOf(const json& order, absl::string_view id) {
  return ContactBuilder(id)
      .Email(FirstTextAt(order, {"customer.email", "email", "contact_email"}))
      .Phone(FirstTextAt(order, {"customer.phone", "phone"}))
      .Language(TextAt(order, "customer_locale"))
      .Attribute("first_name", TextAt(order, "customer.first_name"))
      .Attribute("last_name", TextAt(order, "customer.last_name"))
      .Build();
}

}  // namespace

WebhookItem ReadShopify(const WebhookCall& call, const json& payload) {
  const absl::string_view topic = call.Header("x-shopify-topic");
  const bool is_order = absl::StartsWith(topic, "orders/");
  if (!is_order && !absl::StartsWith(topic, "fulfillments/")) {
    return Ignored(absl::StrCat("the topic '", topic, "' is neither one of orders/* nor of fulfillments/*"));
  }
  const std::string customer = TextAt(payload, "customer.id");
  if (customer.empty()) {
    return Ignored(is_order ? "the order has no customer"
                            : "the fulfilment does not say whose it is; subscribe to orders/fulfilled, or to "
                              "orders/updated, whose events have its shipment_status");
  }
  absl::string_view delivery = call.Header("x-shopify-event-id");
  if (delivery.empty()) delivery = call.Header("x-shopify-webhook-id");
  // Of the body, which is sent again as it was.
  const auto time = ParseTimestamp(FirstTextAt(payload, {"updated_at", "created_at"}));
  WebhookItem item =
      Happened(delivery.empty() ? "" : absl::StrCat(delivery, ":", topic),
               absl::StrCat("shopify.", TypePart(absl::StrReplaceAll(topic, {{"/", "."}}))), customer, time);
  Struct& data = *item.event->mutable_data();
  if (is_order) {
    AddOrder(payload, data);
  } else {
    CopyFacts(kFulfillmentFacts, payload, data);
    CopyFacts(kShipmentFacts, payload, data);
  }
  AddLineItems(payload, data);
  item.contact = CustomerOf(payload, customer);
  return item;
}

}  // namespace canvass::events
