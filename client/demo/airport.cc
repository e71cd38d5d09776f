// San Francisco airport, May 2017: every interviewed passenger boards a flight and is asked on the spot.

#include <array>
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

struct Touchpoint {
  const char* column;
  const char* key;
  const char* text;
};

// Satisfaction, 1 to 5, as the questionnaire asks it.
constexpr std::array<Touchpoint, 16> kTouchpoints = {{
    {"Q7ALL", "overall", "San Francisco International Airport as a whole"},
    {"Q7ART", "art", "Artwork and exhibitions"},
    {"Q7FOOD", "food", "Restaurants"},
    {"Q7STORE", "stores", "Retail shops and concessions"},
    {"Q7SIGN", "signs", "Signs and directions inside the airport"},
    {"Q7WALKWAYS", "walkways", "Escalators, elevators and moving walkways"},
    {"Q7SCREENS", "screens", "Information on screens and monitors"},
    {"Q7WIFI", "wifi", "Accessing and using free WiFi"},
    {"Q7ROADS", "roads", "Signs and directions on the airport's roadways"},
    {"Q7PARK", "parking", "Airport parking facilities"},
    {"Q7AIRTRAIN", "airtrain", "AirTrain"},
    {"Q7RENTAL", "rental", "Rental car centre"},
    {"Q9ALL", "cleanliness", "Cleanliness overall"},
    {"Q9RESTROOM", "restrooms", "Cleanliness of the restrooms"},
    {"Q10SAFE", "safety", "How safe do you feel at the airport?"},
    {"Q14FIND", "finding", "Finding your way around the airport"},
}};
constexpr std::array<const char*, 5> kLanguages = {"", "en", "es", "zh", "ja"};

v1::Survey MakeSurvey() {
  v1::Survey survey;
  survey.set_display_name("Passenger survey");
  v1::SurveyDefinition& definition = *survey.mutable_definition();
  definition.set_default_language("en");
  for (const char* path : {"event.boarding_area", "event.time_of_day", "response.language"})
    definition.add_breakdowns(path);
  AddQuestion(definition, "recommend", "en", "How likely are you to recommend SFO to a friend or colleague?")
      ->mutable_nps();
  for (const Touchpoint& touchpoint : kTouchpoints) {
    AddQuestion(definition, touchpoint.key, "en", touchpoint.text)->mutable_csat()->set_points(5);
  }
  return survey;
}

// "12/31/1899 09:30:00 AM": the day is meaningless, the time is the scheduled departure's.
absl::CivilSecond Departure(int day, absl::string_view text) {
  absl::Time time;
  if (!absl::ParseTime("%m/%d/%Y %I:%M:%S %p", text, absl::UTCTimeZone(), &time, nullptr)) {
    return absl::CivilSecond(2017, 5, day, 12, 0, 0);
  }
  const absl::CivilSecond clock = absl::ToCivilSecond(time, absl::UTCTimeZone());
  return absl::CivilSecond(2017, 5, day, clock.hour(), clock.minute(), clock.second());
}

// 0 and anything that is no number is blank, 6 says that it does not apply.
void AddSatisfaction(v1::Response& response, const char* key, absl::string_view cell) {
  int score = 0;
  if (!absl::SimpleAtoi(cell, &score) || score < 1 || score > 6) return;
  v1::Answer* answer = AddAnswer(response, key);
  if (score == 6) {
    answer->set_dismissed(true);
  } else {
    answer->set_score(score);
  }
}

v1::Response MakeResponse(const Table& table, const Table::Row& row, const google::protobuf::Timestamp& time) {
  v1::Response response;
  int language = 0;
  if (absl::SimpleAtoi(table.Cell(row, "LANG"), &language) && language > 0 && language < 5) {
    response.set_language(kLanguages[static_cast<std::size_t>(language)]);
  }
  *response.mutable_answer_time() = time;
  int score = 0;
  // Code 11 is a blank, not a score above 10.
  if (absl::SimpleAtoi(table.Cell(row, "NETPRO"), &score) && score >= 0 && score <= 10) {
    AddAnswer(response, "recommend")->set_score(score);
  }
  for (const Touchpoint& touchpoint : kTouchpoints) {
    AddSatisfaction(response, touchpoint.key, table.Cell(row, touchpoint.column));
  }
  return response;
}

void AddWishes(Story& story) {
  const auto wish = [&](const char* title, v1::Metric metric, const char* question, v1::Granularity granularity,
                        const char* breakdown) {
    story.wishes.push_back(MakeWish(story, "passenger", title, metric, question, granularity, breakdown));
  };
  wish("NPS", v1::METRIC_NPS, "recommend", v1::GRANULARITY_UNSPECIFIED, "");
  wish("Satisfaction with the airport as a whole (CSAT)", v1::METRIC_CSAT, "overall", v1::GRANULARITY_UNSPECIFIED, "");
  wish("NPS by day", v1::METRIC_NPS, "recommend", v1::GRANULARITY_DAY, "");
  wish("NPS by boarding area", v1::METRIC_NPS, "recommend", v1::GRANULARITY_UNSPECIFIED, "event.boarding_area");
  wish("NPS by language of the questionnaire", v1::METRIC_NPS, "recommend", v1::GRANULARITY_UNSPECIFIED,
       "response.language");
  wish("NPS by time of day", v1::METRIC_NPS, "recommend", v1::GRANULARITY_UNSPECIFIED, "event.time_of_day");
  wish("Satisfaction with restaurants (CSAT)", v1::METRIC_CSAT, "food", v1::GRANULARITY_UNSPECIFIED, "");
  wish("Response rate", v1::METRIC_RESPONSE_RATE, "", v1::GRANULARITY_UNSPECIFIED, "");
  story.wishes[2].most_rows = 31;
}

}  // namespace

absl::StatusOr<Story> AirportStory(const std::string& data_dir) {
  std::vector<std::string> columns = {"RESPNUM", "INTDATE", "DEPTIME",     "BAREA",  "PEAK",
                                      "AIRLINE", "FLIGHT",  "DESTINATION", "NETPRO", "LANG"};
  for (const Touchpoint& touchpoint : kTouchpoints) columns.push_back(touchpoint.column);
  const absl::StatusOr<Table> table = Table::Read(data_dir + "/sfo-airport/sfo_2017.csv.gz", columns);
  if (!table.ok()) return table.status();

  Story story;
  story.tenant_id = "airport";
  story.display_name = "San Francisco International Airport";
  story.source = "SFO passenger survey, May 2017, DataSF (public domain)";
  story.time_zone = "America/Los_Angeles";
  story.surveys.push_back({"passenger", MakeSurvey()});
  AddTrigger(story, "at-the-gate", "flight.boarding", "passenger").set_display_name("Ask at the gate");
  absl::TimeZone zone;
  absl::LoadTimeZone(story.time_zone, &zone);
  for (const Table::Row& row : table->rows()) {
    int day = 1;
    if (!absl::SimpleAtoi(table->Cell(row, "INTDATE"), &day)) continue;
    const absl::Time time = absl::FromCivil(Departure(day, table->Cell(row, "DEPTIME")), zone);
    const std::string person = absl::StrCat("passenger-", table->Cell(row, "RESPNUM"));
    story.contacts.emplace_back().set_name(ContactName(story, person));
    Encounter encounter{.event = MakeEvent("/sfo/gates", table->Cell(row, "RESPNUM"), "flight.boarding", person, time),
                        .asked_time = time};
    SetFact(encounter.event, "boarding_area", table->Cell(row, "BAREA"));
    SetFact(encounter.event, "time_of_day", table->Cell(row, "PEAK"));
    SetFact(encounter.event, "airline", table->Cell(row, "AIRLINE"));
    SetFact(encounter.event, "destination", table->Cell(row, "DESTINATION"));
    SetFact(encounter.event, "flight", table->Cell(row, "FLIGHT"));
    encounter.response = MakeResponse(*table, row, encounter.event.time());
    story.encounters.push_back(std::move(encounter));
  }
  AddWishes(story);
  return story;
}

}  // namespace canvass::demo
