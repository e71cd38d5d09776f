// A French garden-centre chain: every visit ends at the till and is followed by a survey. The data has no dates, so all
// of it is told as of one day, and the chain's own period counter is a fact of the visit.

#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/time/civil_time.h"
#include "client/demo/story.h"
#include "client/demo/story_parts.h"
#include "client/demo/table.h"

namespace canvass::demo {
namespace {

constexpr absl::CivilDay kToldAsOf(2015, 6, 1);

v1::Survey MakeSurvey() {
  v1::Survey survey;
  survey.set_display_name("Après votre visite");
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  definition.set_default_language("fr");
  for (const char* path : {"event.period", "event.commented"}) definition.add_breakdowns(path);
  AddQuestion(definition, "recommend", "fr", "Recommanderiez-vous notre jardinerie à un proche ?")->mutable_nps();
  AddQuestion(definition, "satisfaction", "fr", "Êtes-vous satisfait de votre visite ?")
      ->mutable_csat()
      ->set_points(10);
  AddQuestion(definition, "comment", "fr", "Que pouvons-nous améliorer ?")->mutable_free_text()->set_max_length(10'000);
  return survey;
}

v1::Survey MakeBasketSurvey() {
  v1::Survey survey;
  survey.set_display_name("Gros panier");
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  definition.set_default_language("fr");
  AddQuestion(definition, "effort", "fr", "Il a été facile de trouver ce que je cherchais.")
      ->mutable_ces()
      ->set_points(7);
  return survey;
}

void AddScore(v1::Response& response, const char* key, absl::string_view cell) {
  int score = 0;
  if (absl::SimpleAtoi(cell, &score)) AddAnswer(response, key)->set_score(score);
}

v1::Response MakeResponse(const Table& table, const Table::Row& row, const google::protobuf::Timestamp& time) {
  v1::Response response;
  response.set_language("fr");
  *response.mutable_answer_time() = time;
  AddScore(response, "recommend", table.Cell(row, "nps"));
  AddScore(response, "satisfaction", table.Cell(row, "satisfaction"));
  const absl::string_view comment = table.Cell(row, "comment");
  if (!comment.empty()) AddAnswer(response, "comment")->set_text(std::string(comment));
  return response;
}

void AddWishes(Story& story) {
  const auto wish = [&](const char* title, v1::Metric metric, const char* question, const char* breakdown) {
    story.wishes.push_back(MakeWish(story, "visit", title, metric, question, v1::GRANULARITY_UNSPECIFIED, breakdown));
  };
  wish("NPS", v1::METRIC_NPS, "recommend", "");
  wish("Satisfaction with the visit (CSAT, 1 to 10)", v1::METRIC_CSAT, "satisfaction", "");
  wish("NPS by period", v1::METRIC_NPS, "recommend", "event.period");
  wish("NPS of those who left a comment, and of those who did not", v1::METRIC_NPS, "recommend", "event.commented");
  wish("Response rate", v1::METRIC_RESPONSE_RATE, "", "");
  story.wishes[2].most_rows = 15;
}

}  // namespace

absl::StatusOr<Story> GardenStory(const std::string& data_dir) {
  const absl::StatusOr<Table> table =
      Table::Read(data_dir + "/nps-garden-fr/responses.csv.gz",
                  {"id", "nps", "satisfaction", "comment", "visits", "ticket_value", "t"});
  if (!table.ok()) return table.status();

  Story story;
  story.tenant_id = "garden";
  story.display_name = "Jardinerie";
  story.source = "NPS of a French garden-centre chain, C. Benavent (CC0)";
  story.time_zone = "Europe/Paris";
  story.surveys.push_back({"visit", MakeSurvey()});
  story.surveys.push_back({"basket", MakeBasketSurvey()});
  AddTrigger(story, "after-purchase", "purchase.completed", "visit").set_display_name("Ask after every purchase");
  v1::Trigger& basket = AddTrigger(story, "big-basket", "purchase.completed", "basket");
  basket.set_display_name("Ask about effort after a big basket");
  basket.mutable_condition()->set_text("event.ticket_value >= 100");
  absl::TimeZone zone;
  absl::LoadTimeZone(story.time_zone, &zone);
  const absl::Time time = absl::FromCivil(absl::CivilSecond(kToldAsOf) + 12 * 3600, zone);
  for (const Table::Row& row : table->rows()) {
    const std::string person = absl::StrCat("card-", table->Cell(row, "id"));
    v1::Contact& contact = story.contacts.emplace_back();
    contact.set_name(ContactName(story, person));
    contact.set_language("fr");
    double visits = 0;
    if (absl::SimpleAtod(table->Cell(row, "visits"), &visits)) {
      (*contact.mutable_attributes()->mutable_fields())["visits"].set_number_value(visits);
    }
    Encounter encounter{.event = MakeEvent("/tills", table->Cell(row, "id"), "purchase.completed", person, time),
                        .asked_time = time};
    double value = 0;
    if (absl::SimpleAtod(table->Cell(row, "ticket_value"), &value)) SetFact(encounter.event, "ticket_value", value);
    if (!table->Cell(row, "t").empty()) SetFact(encounter.event, "period", table->Cell(row, "t"));
    SetFact(encounter.event, "commented", table->Cell(row, "comment").empty() ? "no" : "yes");
    encounter.response = MakeResponse(*table, row, encounter.event.time());
    story.encounters.push_back(std::move(encounter));
  }
  AddWishes(story);
  return story;
}

}  // namespace canvass::demo
