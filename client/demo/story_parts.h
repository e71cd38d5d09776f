// Short ways to write what stories are made of.
#ifndef CANVASS_CLIENT_DEMO_STORY_PARTS_H_
#define CANVASS_CLIENT_DEMO_STORY_PARTS_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "client/demo/story.h"

namespace canvass::demo {

std::string TenantName(const Story& story);
std::string SurveyName(const Story& story, absl::string_view survey_id);
// The external id may hold nothing that needs encoding.
std::string ContactName(const Story& story, absl::string_view external_id);

google::protobuf::Timestamp Timestamp(absl::Time time);

// Adds a question with its text in `language`; the caller sets its kind.
v1::Question* AddQuestion(v1::SurveyDefinition& definition, absl::string_view key, absl::string_view language,
                          absl::string_view text);

// The trigger `id` that asks `survey_id` after events of `event_type`, answerable for a year.
v1::Trigger& AddTrigger(Story& story, absl::string_view id, absl::string_view event_type, absl::string_view survey_id);

v1::Event MakeEvent(absl::string_view source, absl::string_view id, absl::string_view type, absl::string_view subject,
                    absl::Time time);
void SetFact(v1::Event& event, const std::string& name, absl::string_view text);
void SetFact(v1::Event& event, const std::string& name, double number);

v1::Answer* AddAnswer(v1::Response& response, absl::string_view question);

Wish MakeWish(const Story& story, absl::string_view survey_id, absl::string_view title, v1::Metric metric,
              absl::string_view question, v1::Granularity granularity, absl::string_view breakdown);

}  // namespace canvass::demo

#endif  // CANVASS_CLIENT_DEMO_STORY_PARTS_H_
