#include "client/demo/story_parts.h"

#include "absl/strings/str_cat.h"

namespace canvass::demo {

std::string TenantName(const Story& story) { return absl::StrCat("tenants/", story.tenant_id); }

std::string SurveyName(const Story& story, absl::string_view survey_id) {
  return absl::StrCat(TenantName(story), "/surveys/", survey_id);
}

std::string ContactName(const Story& story, absl::string_view external_id) {
  return absl::StrCat(TenantName(story), "/contacts/", external_id);
}

google::protobuf::Timestamp Timestamp(absl::Time time) {
  google::protobuf::Timestamp timestamp;
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  return timestamp;
}

v1::Question* AddQuestion(v1::SurveyDefinition& definition, absl::string_view key, absl::string_view language,
                          absl::string_view text) {
  v1::Question* question = definition.add_questions();
  question->set_key(std::string(key));
  (*question->mutable_text())[std::string(language)] = std::string(text);
  return question;
}

v1::Trigger& AddTrigger(Story& story, absl::string_view id, absl::string_view event_type, absl::string_view survey_id) {
  constexpr int64_t kYearSeconds = 365 * 24 * 3600;
  NamedTrigger& named = story.triggers.emplace_back();
  named.id = std::string(id);
  named.trigger.set_event_type(std::string(event_type));
  named.trigger.set_survey(SurveyName(story, survey_id));
  named.trigger.mutable_invitation_lifetime()->set_seconds(kYearSeconds);
  return named.trigger;
}

v1::Event MakeEvent(absl::string_view source, absl::string_view id, absl::string_view type, absl::string_view subject,
                    absl::Time time) {
  v1::Event event;
  event.set_source(std::string(source));
  event.set_id(std::string(id));
  event.set_type(std::string(type));
  event.set_subject(std::string(subject));
  *event.mutable_time() = Timestamp(time);
  return event;
}

void SetFact(v1::Event& event, const std::string& name, absl::string_view text) {
  (*event.mutable_data()->mutable_fields())[name].set_string_value(std::string(text));
}

void SetFact(v1::Event& event, const std::string& name, double number) {
  (*event.mutable_data()->mutable_fields())[name].set_number_value(number);
}

v1::Answer* AddAnswer(v1::Response& response, absl::string_view question) {
  v1::Answer* answer = response.add_answers();
  answer->set_question(std::string(question));
  return answer;
}

Wish MakeWish(const Story& story, absl::string_view survey_id, absl::string_view title, v1::Metric metric,
              absl::string_view question, v1::Granularity granularity, absl::string_view breakdown) {
  Wish wish;
  wish.title = std::string(title);
  wish.query.set_survey(SurveyName(story, survey_id));
  wish.query.set_metric(metric);
  wish.query.set_question(std::string(question));
  wish.query.set_granularity(granularity);
  wish.query.set_breakdown(std::string(breakdown));
  return wish;
}

}  // namespace canvass::demo
