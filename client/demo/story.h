// One company of the demo: who it is, what it asks, and what its customers did. Each data set becomes one story; the
// player tells it to a server.
//
// Plain values. Times are the data's own; where a set has none, the story says so.
#ifndef CANVASS_CLIENT_DEMO_STORY_H_
#define CANVASS_CLIENT_DEMO_STORY_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "canvass/v1/contact.pb.h"
#include "canvass/v1/event.pb.h"
#include "canvass/v1/metric_service.pb.h"
#include "canvass/v1/response.pb.h"
#include "canvass/v1/survey.pb.h"
#include "canvass/v1/trigger.pb.h"

namespace canvass::demo {

// An event that led to a survey, and the customer's answer if there was one.
struct Encounter {
  v1::Event event;
  // When the customer saw the survey.
  absl::Time asked_time;
  // Absent: never answered. Its answer_time is the customer's.
  std::optional<v1::Response> response;
};

// A figure that the company wants to see at the end.
struct Wish {
  std::string title;
  v1::QueryMetricRequest query;
  // The most groups or pieces to draw; the rest is told as a number.
  int most_rows = 12;
};

struct NamedSurvey {
  std::string id;
  v1::Survey survey;
};

struct NamedTrigger {
  std::string id;
  v1::Trigger trigger;
};

struct Story {
  std::string tenant_id;
  std::string display_name;
  // One line: what the data is, and where from.
  std::string source;
  std::string time_zone;
  // False where the data does not say when customers were asked, or answered.
  bool has_answer_times = false;
  std::vector<NamedSurvey> surveys;
  std::vector<NamedTrigger> triggers;
  std::vector<v1::Contact> contacts;
  // Told first and one batch after the other, so that they are decided in this order.
  std::vector<v1::Event> history;
  std::vector<Encounter> encounters;
  std::vector<Wish> wishes;
};

// The stories, from the files of `data_dir`. Errors name the file.
absl::StatusOr<Story> AirportStory(const std::string& data_dir);
absl::StatusOr<Story> GardenStory(const std::string& data_dir);
absl::StatusOr<Story> ShopStory(const std::string& orders_file, const std::string& reviews_file);

}  // namespace canvass::demo

#endif  // CANVASS_CLIENT_DEMO_STORY_H_
