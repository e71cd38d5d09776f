// Olist, a Brazilian marketplace: after the delivery, or the promised date, it asks for a review; the customer answers
// days later. 133 orders were asked about more than once: each further survey is told as an event of its own.

#include <algorithm>
#include <string>
#include <tuple>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "client/demo/story.h"
#include "client/demo/story_parts.h"
#include "client/demo/table.h"

namespace canvass::demo {
namespace {

constexpr char kTimeFormat[] = "%Y-%m-%d %H:%M:%S";
constexpr int64_t kQuietSeconds = 90 * 24 * 3600;

struct Order {
  std::string id;
  std::string customer;
  std::string state;
  std::string status;
  absl::Time purchase;
  absl::Time delivery;
  bool delivered = false;
};

v1::Survey MakeReviewSurvey() {
  v1::Survey survey;
  survey.set_display_name("Avaliação do pedido");
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  definition.set_default_language("pt-BR");
  for (const char* path : {"event.state", "event.status", "event.month_asked"}) definition.add_breakdowns(path);
  AddQuestion(definition, "order", "pt-BR", "Qual nota você dá para o seu pedido?")->mutable_csat()->set_points(5);
  AddQuestion(definition, "title", "pt-BR", "Título")->mutable_free_text();
  AddQuestion(definition, "message", "pt-BR", "Conte como foi")->mutable_free_text()->set_max_length(10'000);
  return survey;
}

v1::Survey MakeRelationshipSurvey() {
  v1::Survey survey;
  survey.set_display_name("Relacionamento");
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  definition.set_default_language("pt-BR");
  AddQuestion(definition, "recommend", "pt-BR", "Você recomendaria a loja a um amigo?")->mutable_nps();
  return survey;
}

absl::Time ParseTime(absl::string_view text, const absl::TimeZone& zone) {
  absl::Time time = absl::UnixEpoch();
  absl::ParseTime(kTimeFormat, text, zone, &time, nullptr);
  return time;
}

Order ReadOrder(const Table& table, const Table::Row& row, const absl::TimeZone& zone) {
  const absl::string_view delivered = table.Cell(row, "order_delivered_customer_date");
  const absl::string_view promised = table.Cell(row, "order_estimated_delivery_date");
  return {.id = std::string(table.Cell(row, "order_id")),
          .customer = std::string(table.Cell(row, "customer_unique_id")),
          .state = std::string(table.Cell(row, "customer_state")),
          .status = std::string(table.Cell(row, "order_status")),
          .purchase = ParseTime(table.Cell(row, "order_purchase_timestamp"), zone),
          .delivery = ParseTime(delivered.empty() ? promised : delivered, zone),
          .delivered = !delivered.empty()};
}

// The event after which the shop asks; the nth time it asks about this order.
Encounter Ask(const Order& order, int nth, absl::Time asked, const absl::TimeZone& zone) {
  Encounter encounter{
      .event = MakeEvent("/shop/orders", nth == 1 ? order.id : absl::StrCat(order.id, "/", nth),
                         order.delivered ? "order.delivered" : "order.overdue", order.customer, order.delivery),
      .asked_time = asked};
  SetFact(encounter.event, "state", order.state);
  SetFact(encounter.event, "status", order.status);
  SetFact(encounter.event, "month_asked", absl::FormatTime("%Y-%m", asked, zone));
  return encounter;
}

v1::Response MakeResponse(const Table& table, const Table::Row& row, const absl::TimeZone& zone) {
  v1::Response response;
  response.set_language("pt-BR");
  *response.mutable_answer_time() = Timestamp(ParseTime(table.Cell(row, "review_answer_timestamp"), zone));
  int score = 0;
  if (absl::SimpleAtoi(table.Cell(row, "review_score"), &score)) AddAnswer(response, "order")->set_score(score);
  const absl::string_view title = table.Cell(row, "review_comment_title");
  if (!title.empty()) AddAnswer(response, "title")->set_text(std::string(title));
  const absl::string_view message = table.Cell(row, "review_comment_message");
  if (!message.empty()) AddAnswer(response, "message")->set_text(std::string(message));
  return response;
}

void AddWishes(Story& story) {
  const auto wish = [&](const char* title, v1::Metric metric, const char* question, v1::Granularity granularity,
                        const char* breakdown) {
    story.wishes.push_back(MakeWish(story, "review", title, metric, question, granularity, breakdown));
  };
  wish("Satisfaction with the order (CSAT)", v1::METRIC_CSAT, "order", v1::GRANULARITY_UNSPECIFIED, "");
  wish("CSAT by month in which the customer was asked", v1::METRIC_CSAT, "order", v1::GRANULARITY_UNSPECIFIED,
       "event.month_asked");
  wish("CSAT by state", v1::METRIC_CSAT, "order", v1::GRANULARITY_UNSPECIFIED, "event.state");
  wish("CSAT by what became of the order", v1::METRIC_CSAT, "order", v1::GRANULARITY_UNSPECIFIED, "event.status");
  wish("Response rate", v1::METRIC_RESPONSE_RATE, "", v1::GRANULARITY_UNSPECIFIED, "");
  wish("Median time to answer", v1::METRIC_TIME_TO_ANSWER, "", v1::GRANULARITY_UNSPECIFIED, "");
  wish("Median time to answer by month", v1::METRIC_TIME_TO_ANSWER, "", v1::GRANULARITY_MONTH, "");
  story.wishes[1].most_rows = 30;
  story.wishes[6].most_rows = 30;
}

Story MakeShop() {
  Story story;
  story.tenant_id = "shop";
  story.display_name = "Olist";
  story.source = "Olist orders and reviews 2016-2018 (CC BY-NC-SA 4.0, not shipped)";
  // The data's times carry no zone and know no summer time.
  story.time_zone = "Etc/GMT+3";
  story.has_answer_times = true;
  story.surveys.push_back({"review", MakeReviewSurvey()});
  story.surveys.push_back({"relationship", MakeRelationshipSurvey()});
  AddTrigger(story, "after-delivery", "order.delivered", "review").set_display_name("Ask after the delivery");
  AddTrigger(story, "after-promised-date", "order.overdue", "review").set_display_name("Ask when the parcel is late");
  v1::Trigger& relationship = AddTrigger(story, "every-90-days", "order.purchased", "relationship");
  relationship.set_display_name("Ask about the relationship, every 90 days at most");
  relationship.add_frequency_caps()->mutable_interval()->set_seconds(kQuietSeconds);
  return story;
}

void AddHistory(Story& story, std::vector<Order> orders) {
  std::sort(orders.begin(), orders.end(),
            [](const Order& a, const Order& b) { return std::tie(a.purchase, a.id) < std::tie(b.purchase, b.id); });
  for (const Order& order : orders) {
    story.history.push_back(MakeEvent("/shop/purchases", order.id, "order.purchased", order.customer, order.purchase));
  }
}

void AddContacts(Story& story, const std::vector<Order>& orders) {
  absl::flat_hash_map<std::string, bool> seen;
  for (const Order& order : orders) {
    if (!seen.emplace(order.customer, true).second) continue;
    v1::Contact& contact = story.contacts.emplace_back();
    contact.set_name(ContactName(story, order.customer));
    contact.set_language("pt-BR");
    (*contact.mutable_attributes()->mutable_fields())["state"].set_string_value(order.state);
  }
}

}  // namespace

absl::StatusOr<Story> ShopStory(const std::string& orders_file, const std::string& reviews_file) {
  const absl::StatusOr<Table> orders_table = Table::Read(
      orders_file, {"order_id", "customer_unique_id", "customer_state", "order_status", "order_purchase_timestamp",
                    "order_delivered_customer_date", "order_estimated_delivery_date"});
  if (!orders_table.ok()) return orders_table.status();
  const absl::StatusOr<Table> reviews =
      Table::Read(reviews_file, {"order_id", "review_score", "review_comment_title", "review_comment_message",
                                 "review_creation_date", "review_answer_timestamp"});
  if (!reviews.ok()) return reviews.status();

  Story story = MakeShop();
  absl::TimeZone zone;
  absl::LoadTimeZone(story.time_zone, &zone);
  std::vector<Order> orders;
  absl::flat_hash_map<std::string, std::size_t> by_id;
  for (const Table::Row& row : orders_table->rows()) {
    orders.push_back(ReadOrder(*orders_table, row, zone));
    by_id[orders.back().id] = orders.size() - 1;
  }
  std::vector<int> asked(orders.size(), 0);
  for (const Table::Row& row : reviews->rows()) {
    const auto found = by_id.find(reviews->Cell(row, "order_id"));
    if (found == by_id.end()) continue;
    Encounter encounter = Ask(orders[found->second], ++asked[found->second],
                              ParseTime(reviews->Cell(row, "review_creation_date"), zone), zone);
    encounter.response = MakeResponse(*reviews, row, zone);
    story.encounters.push_back(std::move(encounter));
  }
  for (std::size_t i = 0; i < orders.size(); ++i) {
    if (asked[i] == 0) story.encounters.push_back(Ask(orders[i], 1, orders[i].delivery, zone));
  }
  AddContacts(story, orders);
  AddHistory(story, std::move(orders));
  AddWishes(story);
  return story;
}

}  // namespace canvass::demo
