#include "client/cli/output/survey_document.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>

#include "client/cli/documents/resources.h"
#include "client/cli/output/condition_view.h"
#include "client/cli/testing/parse.h"
#include "google/protobuf/util/message_differencer.h"

namespace canvass::cli {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;
using ::testing::HasSubstr;
using ::testing::Not;

// A survey in which every field that people write is set.
constexpr char kEverything[] = R"pb(
  name: "tenants/-/surveys/all"
  display_name: "Everything: at once"
  closing {
    close_time { seconds: 1798758000 nanos: 500000000 }
    max_responses: 9007199254740993
  }
  definition {
    default_language: "en"
    languages: "cs"
    languages: "pt-BR"
    title { key: "en" value: "Hello {{contact.name|you}}" }
    title { key: "cs" value: "Dobrý den" }
    title { key: "de" value: "Guten Tag" }
    breakdowns: "event.store"
    breakdowns: "response.language"
    hidden_answers: HIDDEN_ANSWERS_DROP
    closed_text { key: "en" value: "Too late." }
    repeats {
      contact_period { seconds: 2592000 }
      duplicate_period { seconds: 5400 nanos: 500000000 }
    }
    hidden_fields { key: "plan" type: TYPE_TEXT required: true max_length: 40 }
    pages {
      key: "first"
      starts_with: "recommend"
      title { key: "en" value: "One" }
      description { key: "cs" value: "Jen česky" }
      show_if {
        compare {
          field: "event.total"
          operator: OPERATOR_GREATER
          value { number_value: 0.1 }
        }
      }
    }
    questions {
      key: "recommend"
      text { key: "en" value: "How likely?\n\nTruly: how - likely # at all" }
      help { key: "en" value: "  0 = no  " }
      required: true
      tags {
        touchpoint: "check-out"
        experience_level: EXPERIENCE_LEVEL_EMOTIONAL
        empathy_quadrant: EMPATHY_QUADRANT_FEELS
      }
      routes {
        when {
          all {
            conditions {
              compare {
                field: "answer.recommend"
                operator: OPERATOR_LESS_OR_EQUAL
                value { number_value: 6 }
              }
            }
            conditions {
              any {
                conditions {
                  compare {
                    field: "contact.country"
                    operator: OPERATOR_EQUAL
                    value { string_value: "F\"R, or {so}" }
                  }
                }
                conditions {
                  not {
                    compare {
                      field: "contact.vip"
                      operator: OPERATOR_HAS
                      value { string_value: "*" }
                    }
                  }
                }
              }
            }
          }
        }
        skip_to: "effort"
      }
      routes { end_with: "thanks" }
      nps {}
    }
    questions {
      key: "overall"
      csat { points: 7 }
      show_if {
        all {
          conditions {
            compare {
              field: "event.a"
              operator: OPERATOR_NOT_EQUAL
              value { bool_value: true }
            }
          }
        }
      }
    }
    questions {
      key: "effort"
      ces { points: 5 direction: DIRECTION_EFFORT_IS_HIGH }
      show_if { any {} }
    }
    questions {
      key: "plain"
      ces {}
      show_if {}
    }
    questions {
      key: "reason"
      single_choice {
        options {
          key: "no"
          text { key: "en" value: "No" }
          exclusive: true
        }
        options {
          key: "other"
          text { key: "en" value: "Other" }
          text { key: "cs" value: "Jiné" }
          other: true
          pinned: true
        }
        order: OPTION_ORDER_SHUFFLED
      }
    }
    questions {
      key: "liked"
      multiple_choice {
        options {
          key: "a"
          text { key: "en" value: "yes" }
        }
        options {
          key: "b"
          text { key: "en" value: "5" }
        }
        min_choices: 1
        max_choices: 2
        order: OPTION_ORDER_AS_WRITTEN
      }
    }
    questions {
      key: "why"
      free_text { max_length: 500 min_length: 3 pattern: PATTERN_EMAIL multiline: true }
    }
    questions {
      key: "stars"
      rating {
        points: 10
        low_label { key: "en" value: "bad" }
        high_label { key: "en" value: "good" }
      }
    }
    questions {
      key: "quality"
      matrix {
        rows {
          key: "speed"
          text { key: "en" value: "Speed" }
        }
        columns {
          key: "bad"
          text { key: "en" value: "Bad" }
        }
        columns {
          key: "good"
          text { key: "en" value: "Good" }
        }
        order: OPTION_ORDER_SHUFFLED
      }
    }
    questions {
      key: "order"
      ranking {
        options {
          key: "a"
          text { key: "en" value: "A" }
        }
        min_ranked: 1
        order: OPTION_ORDER_SHUFFLED
      }
    }
    questions {
      key: "weight"
      number {
        min: 0
        max: 99.5
        decimals: 1
        unit { key: "en" value: "kg" }
      }
    }
    questions {
      key: "visit"
      date { min: "2026-01-01" max: "2026-12-31" }
    }
    questions {
      key: "terms"
      consent { document: "privacy-2026-05" }
    }
    questions {
      key: "intro"
      statement {}
    }
    endings {
      key: "thanks"
      title { key: "en" value: "Thanks" }
      text { key: "en" value: "Line one\nline two" }
      redirect_url: "https://example.com/?a=1&b=2#c"
    }
    values {
      key: "total"
      aggregate {
        function: FUNCTION_MEAN
        terms { field: "answer.recommend" weight: 0 }
        terms { field: "answer.stars" weight: 0.333333333333333314829616256247 }
      }
    }
    values {
      key: "group"
      select {
        cases {
          when {
            not {
              all {
                conditions {
                  compare {
                    field: "answer.why"
                    operator: OPERATOR_HAS
                    value { string_value: "a\nb" }
                  }
                }
                conditions {}
              }
            }
          }
          value { string_value: "true" }
        }
        cases { value { number_value: 1e+21 } }
        cases { value { number_value: 12345678901234567890 } }
        cases { value { bool_value: false } }
      }
    }
    quotas {
      key: "fans"
      limit: 200
      when {
        compare {
          field: "answer.recommend"
          operator: OPERATOR_GREATER_OR_EQUAL
          value { number_value: 9 }
        }
      }
      ending: "thanks"
    }
  })pb";

// What only the server sets, or is only a stored definition's other form.
const std::set<std::string>& NotWritten() {
  static const std::set<std::string> fields = {"canvass.v1.Survey.state",       "canvass.v1.Survey.published_version",
                                               "canvass.v1.Survey.create_time", "canvass.v1.Survey.update_time",
                                               "canvass.v1.Survey.etag",        "canvass.v1.Survey.expected_duration",
                                               "canvass.v1.Condition.text"};
  return fields;
}

void CollectFields(const Descriptor& type, std::set<std::string>& fields) {
  for (int i = 0; i < type.field_count(); ++i) {
    const FieldDescriptor& field = *type.field(i);
    if (NotWritten().contains(field.full_name()) || !fields.insert(field.full_name()).second) continue;
    const bool ours = field.message_type() != nullptr && field.message_type()->file()->package() == "canvass.v1";
    if (ours && !field.is_map()) CollectFields(*field.message_type(), fields);
  }
}

void CollectSet(const Message& message, std::set<std::string>& fields) {
  std::vector<const FieldDescriptor*> set;
  message.GetReflection()->ListFields(message, &set);
  for (const FieldDescriptor* field : set) {
    fields.insert(field->full_name());
    if (field->message_type() == nullptr || field->is_map()) continue;
    if (!field->is_repeated()) {
      CollectSet(message.GetReflection()->GetMessage(message, field), fields);
      continue;
    }
    for (int i = 0; i < message.GetReflection()->FieldSize(message, field); ++i) {
      CollectSet(message.GetReflection()->GetRepeatedMessage(message, field, i), fields);
    }
  }
}

// Conditions as the server stores them: the texts of a file stand for themselves here.
void DropTexts(Message& message, const Message& original) {
  if (message.GetDescriptor() == v1::Condition::descriptor()) {
    auto& condition = static_cast<v1::Condition&>(message);
    const auto& stored = static_cast<const v1::Condition&>(original);
    if (condition.has_text() && ExactConditionText(stored) == condition.text()) condition = stored;
  }
  std::vector<const FieldDescriptor*> fields;
  message.GetReflection()->ListFields(message, &fields);
  const auto& reflection = *message.GetReflection();
  for (const FieldDescriptor* field : fields) {
    if (field->message_type() == nullptr || field->is_map()) continue;
    if (!field->is_repeated()) {
      DropTexts(*reflection.MutableMessage(&message, field), reflection.GetMessage(original, field));
      continue;
    }
    ASSERT_EQ(reflection.FieldSize(message, field), reflection.FieldSize(original, field)) << field->full_name();
    for (int i = 0; i < reflection.FieldSize(message, field); ++i) {
      DropTexts(*reflection.MutableRepeatedMessage(&message, field, i),
                reflection.GetRepeatedMessage(original, field, i));
    }
  }
}

TEST(SurveyDocumentTest, TheSampleHasEveryField) {
  std::set<std::string> all;
  CollectFields(*v1::Survey::descriptor(), all);
  std::set<std::string> set;
  CollectSet(Parse<v1::Survey>(kEverything), set);
  std::vector<std::string> lacking;
  std::set_difference(all.begin(), all.end(), set.begin(), set.end(), std::back_inserter(lacking));
  EXPECT_THAT(lacking, ::testing::IsEmpty());
}

TEST(SurveyDocumentTest, LosesNothing) {
  const auto survey = Parse<v1::Survey>(kEverything);
  const std::string yaml = SurveyYaml(survey);
  v1::Survey again = ParseSurvey(yaml);
  DropTexts(again, survey);
  std::string difference;
  MessageDifferencer differencer;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(survey, again)) << difference << "\n" << yaml;
  // And what it writes of what it read is the same.
  EXPECT_EQ(SurveyYaml(again), yaml);
}

TEST(SurveyDocumentTest, IsWhatAPersonWouldWrite) {
  const auto survey = Parse<v1::Survey>(R"pb(
    name: "tenants/acme/surveys/visit"
    state: STATE_PUBLISHED
    published_version: 3
    etag: "7"
    definition {
      default_language: "en"
      questions {
        key: "recommend"
        text { key: "en" value: "Would you recommend us, and why?" }
        required: true
        nps {}
      }
      questions {
        key: "reason"
        text { key: "en" value: "Why?" }
        show_if {
          compare {
            field: "answer.recommend"
            operator: OPERATOR_LESS_OR_EQUAL
            value { number_value: 6 }
          }
        }
        routes {
          when {
            compare {
              field: "answer.reason"
              operator: OPERATOR_EQUAL
              value { string_value: "price" }
            }
          }
          end_with: "thanks"
        }
        single_choice {
          options {
            key: "price"
            text { key: "en" value: "The price" }
          }
          options {
            key: "other"
            text { key: "en" value: "Another one" }
            other: true
          }
        }
      }
      endings {
        key: "thanks"
        title { key: "en" value: "Thank you" }
        title { key: "cs" value: "Děkujeme" }
      }
    })pb");
  EXPECT_EQ(SurveyYaml(survey), R"(id: visit
default_language: en

questions:
  - key: recommend
    text: Would you recommend us, and why?
    required: true
    nps:

  - key: reason
    text: Why?
    show_if: answer.recommend <= 6
    routes:
      - {when: answer.reason = "price", end_with: thanks}
    single_choice:
      options:
        - {key: price, text: The price}
        - {key: other, text: Another one, other: true}

endings:
  - key: thanks
    title:
      en: Thank you
      cs: Děkujeme
)");
}

TEST(SurveyDocumentTest, AnswersCanBeSubmitted) {
  const auto response = Parse<v1::Response>(R"pb(
    answers { question: "recommend" score: 9 }
    answers { question: "reason" choice: "other" other_text: "the smell: bad" }
    answers {
      question: "liked"
      choices { keys: "a" keys: "b" }
    }
    answers {
      question: "quality"
      matrix {
        columns { key: "speed" value: "good" }
        columns { key: "en" value: "bad" }
      }
    }
    answers {
      question: "order"
      ranking { keys: "b" keys: "a" }
    }
    answers { question: "weight" number: 2.5 }
    answers { question: "visit" date: "2026-01-31" }
    answers { question: "terms" consent: true }
    answers { question: "comment" dismissed: true })pb");
  const std::string yaml = AnswersYaml("visit", "cs", response.answers());
  EXPECT_THAT(yaml, HasSubstr("- {question: quality, matrix: {en: bad, speed: good}}\n"));
  EXPECT_THAT(yaml, HasSubstr("- {question: liked, choices: [a, b]}\n"));
  const absl::StatusOr<std::vector<Node>> nodes = ParseYaml(yaml);
  ASSERT_TRUE(nodes.ok()) << nodes.status() << "\n" << yaml;
  const auto again = ReadResponse(nodes->front(), {.source = "s", .tenant = "tenants/-"});
  ASSERT_TRUE(again.ok()) << again.status() << "\n" << yaml;
  EXPECT_EQ(again->message.response().survey(), "tenants/-/surveys/visit");
  EXPECT_EQ(again->message.response().language(), "cs");
  v1::Response answers;
  *answers.mutable_answers() = again->message.response().answers();
  EXPECT_TRUE(MessageDifferencer::Equals(answers, response)) << yaml;
}

TEST(ConditionViewTest, SaysNothingRatherThanSomethingElse) {
  for (const char* text : {
           "all { conditions { compare { field: 'a.b' operator: OPERATOR_EQUAL value { number_value: 1 } } } }",
           "any { conditions { } conditions { } }",
           "compare { field: 'a' operator: OPERATOR_EQUAL value { number_value: 1 } }",
           "compare { field: 'a.b' operator: OPERATOR_EQUAL value { string_value: 'a\\nb' } }",
           "compare { field: 'a.b' operator: OPERATOR_EQUAL }",
           "compare { field: 'a.b' value { number_value: 1 } }",
           "",
       }) {
    EXPECT_EQ(ExactConditionText(Parse<v1::Condition>(text)), std::nullopt) << text;
  }
  EXPECT_EQ(ExactConditionText(Parse<v1::Condition>(
                "compare { field: 'event.a b.AND' operator: OPERATOR_EQUAL value { number_value: 0.1 } }")),
            R"(event."a b"."AND" = 0.1)");
  EXPECT_EQ(ExactConditionText(Parse<v1::Condition>("not { not { all {} } }")), "NOT (NOT true)");
}

}  // namespace
}  // namespace canvass::cli
