#include "client/surveyjs/surveyjs_export.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "absl/strings/str_cat.h"
#include "client/surveyjs/surveyjs_import.h"

namespace canvass::surveyjs {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;

v1::SurveyDefinition Definition(const std::string& text) {
  v1::SurveyDefinition definition;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &definition));
  return definition;
}

std::string Notes(const std::vector<Note>& notes) {
  std::string all;
  for (const Note& note : notes) absl::StrAppend(&all, note.path, ": ", note.message, "\n");
  return all;
}

Exported MustExport(const v1::SurveyDefinition& definition, absl::string_view display_name = "") {
  absl::StatusOr<Exported> exported = Export(definition, display_name);
  EXPECT_TRUE(exported.ok()) << exported.status();
  return exported.ok() ? *std::move(exported) : Exported();
}

// Everything that SurveyJS can say, in two languages.
constexpr char kRich[] = R"pb(
  default_language: "en"
  languages: "de"
  title { key: "en" value: "Visit" }
  title { key: "de" value: "Besuch" }
  hidden_answers: HIDDEN_ANSWERS_DROP
  questions {
    key: "welcome"
    text { key: "en" value: "Hello & welcome" }
    text { key: "de" value: "Willkommen" }
    help { key: "en" value: "It takes <2 minutes" }
    help { key: "de" value: "Es dauert <2 Minuten" }
    statement {}
  }
  questions {
    key: "nps"
    required: true
    nps {}
    text { key: "en" value: "Recommend?" }
    text { key: "de" value: "Empfehlen?" }
    routes {
      when {
        compare {
          field: "answer.nps"
          operator: OPERATOR_EQUAL
          value { number_value: 10 }
        }
      }
      skip_to: "mail"
    }
  }
  questions {
    key: "reasons"
    text { key: "en" value: "Why {{answer.nps}}?" }
    text { key: "de" value: "Warum {{answer.nps}}?" }
    show_if {
      compare {
        field: "answer.nps"
        operator: OPERATOR_LESS
        value { number_value: 9 }
      }
    }
    multiple_choice {
      options {
        key: "price"
        text { key: "en" value: "Price" }
        text { key: "de" value: "Preis" }
      }
      options {
        key: "staff"
        text { key: "en" value: "Staff" }
        text { key: "de" value: "Personal" }
      }
      options {
        key: "none"
        text { key: "en" value: "None" }
        text { key: "de" value: "Nichts" }
        exclusive: true
        pinned: true
      }
      options {
        key: "other"
        text { key: "en" value: "Other" }
        text { key: "de" value: "Anderes" }
        other: true
        pinned: true
      }
      min_choices: 1
      max_choices: 2
      order: OPTION_ORDER_SHUFFLED
    }
  }
  questions {
    key: "again"
    text { key: "en" value: "Again?" }
    text { key: "de" value: "Wieder?" }
    show_if {
      all {
        conditions {
          not {
            compare {
              field: "answer.reasons"
              operator: OPERATOR_HAS
              value { string_value: "price" }
            }
          }
        }
        conditions {
          any {
            conditions {
              compare {
                field: "value.score"
                operator: OPERATOR_GREATER_OR_EQUAL
                value { number_value: 3 }
              }
            }
            conditions {
              compare {
                field: "contact.country"
                operator: OPERATOR_NOT_EQUAL
                value { string_value: "DE" }
              }
            }
          }
        }
      }
    }
    single_choice {
      options {
        key: "yes"
        text { key: "en" value: "Yes" }
        text { key: "de" value: "Ja" }
      }
      options {
        key: "no"
        text { key: "en" value: "No" }
        text { key: "de" value: "Nein" }
      }
      options {
        key: "else"
        text { key: "en" value: "It depends" }
        text { key: "de" value: "Je nachdem" }
        other: true
      }
    }
    routes {
      when {
        compare {
          field: "answer.again"
          operator: OPERATOR_EQUAL
          value { string_value: "no" }
        }
      }
      end_with: "completed_2"
    }
  }
  questions {
    key: "parts"
    required: true
    text { key: "en" value: "Parts" }
    text { key: "de" value: "Teile" }
    matrix {
      rows {
        key: "food"
        text { key: "en" value: "Food" }
        text { key: "de" value: "Essen" }
      }
      rows {
        key: "room"
        text { key: "en" value: "Room" }
        text { key: "de" value: "Zimmer" }
      }
      columns {
        key: "bad"
        text { key: "en" value: "Bad" }
        text { key: "de" value: "Schlecht" }
      }
      columns {
        key: "good"
        text { key: "en" value: "Good" }
        text { key: "de" value: "Gut" }
      }
      order: OPTION_ORDER_SHUFFLED
    }
  }
  questions {
    key: "order"
    text { key: "en" value: "Order" }
    text { key: "de" value: "Reihe" }
    show_if {
      compare {
        field: "answer.parts.food"
        operator: OPERATOR_EQUAL
        value { string_value: "bad" }
      }
    }
    ranking {
      options {
        key: "a"
        text { key: "en" value: "A" }
        text { key: "de" value: "A" }
      }
      options {
        key: "b"
        text { key: "en" value: "B" }
        text { key: "de" value: "B" }
      }
      min_ranked: 1
    }
  }
  questions {
    key: "stars"
    text { key: "en" value: "Stars" }
    text { key: "de" value: "Sterne" }
    rating {
      points: 7
      low_label { key: "en" value: "bad" }
      low_label { key: "de" value: "schlecht" }
    }
  }
  questions {
    key: "nights"
    text { key: "en" value: "Nights" }
    text { key: "de" value: "Nächte" }
    number { min: 1 max: 30.5 decimals: 1 }
  }
  questions {
    key: "day"
    text { key: "en" value: "Day" }
    text { key: "de" value: "Tag" }
    show_if {
      not {
        compare {
          field: "answer.nights"
          operator: OPERATOR_HAS
          value { string_value: "*" }
        }
      }
    }
    date { min: "2026-01-01" max: "2026-12-31" }
  }
  questions {
    key: "mail"
    text { key: "en" value: "Mail of {{contact.name}}" }
    text { key: "de" value: "Mail von {{contact.name}}" }
    free_text { max_length: 100 min_length: 5 pattern: PATTERN_EMAIL }
  }
  questions {
    key: "comment"
    text { key: "en" value: "\\{{ and {{value.score}}" }
    text { key: "de" value: "\\{{ und {{value.score}}" }
    free_text { multiline: true }
    show_if {
      compare {
        field: "value.kind"
        operator: OPERATOR_EQUAL
        value { string_value: "it's" }
      }
    }
  }
  questions {
    key: "agree"
    required: true
    text { key: "en" value: "I agree" }
    text { key: "de" value: "Ich stimme zu" }
    consent {}
    routes {
      when {
        compare {
          field: "answer.nps"
          operator: OPERATOR_LESS
          value { number_value: 3 }
        }
      }
      end_with: "completed_3"
    }
  }
  pages {
    key: "start"
    starts_with: "welcome"
    title { key: "en" value: "Start" }
    title { key: "de" value: "Anfang" }
  }
  pages {
    key: "back"
    starts_with: "again"
    show_if {
      compare {
        field: "answer.nps"
        operator: OPERATOR_GREATER
        value { number_value: 0 }
      }
    }
  }
  pages {
    key: "rest"
    starts_with: "parts"
    description { key: "en" value: "Rest" }
    description { key: "de" value: "Rest" }
  }
  endings {
    key: "completed"
    title { key: "en" value: "Thanks" }
    title { key: "de" value: "Danke" }
    text { key: "en" value: "Bye" }
    text { key: "de" value: "Tschüss" }
    redirect_url: "https://example.com/a"
  }
  endings {
    key: "completed_2"
    title { key: "en" value: "A pity" }
    title { key: "de" value: "Schade" }
  }
  endings {
    key: "completed_3"
    title { key: "en" value: "We call you" }
    title { key: "de" value: "Wir rufen an" }
    redirect_url: "https://example.com/b"
  }
  values {
    key: "score"
    aggregate {
      function: FUNCTION_SUM
      terms { field: "answer.nps" }
      terms { field: "answer.stars" weight: 2 }
    }
  }
  values {
    key: "kind"
    select {
      cases {
        when {
          compare {
            field: "answer.nps"
            operator: OPERATOR_GREATER
            value { number_value: 8 }
          }
        }
        value { string_value: "it's" }
      }
      cases { value { string_value: "other" } }
    }
  }
)pb";

TEST(ExportTest, WhatSurveyJsCanSayComesBackAsItWas) {
  v1::SurveyDefinition definition = Definition(kRich);
  // A value is known once its last question is asked; the ones that read `score` stand before that one here.
  definition.mutable_values(0)->mutable_aggregate()->mutable_terms()->DeleteSubrange(1, 1);
  const Exported exported = MustExport(definition, "Visit");
  absl::StatusOr<Imported> imported = Import(exported.json);
  ASSERT_TRUE(imported.ok()) << imported.status() << exported.json;
  google::protobuf::util::MessageDifferencer differencer;
  std::string difference;
  differencer.ReportDifferencesToString(&difference);
  EXPECT_TRUE(differencer.Compare(definition, imported->definition)) << difference << "\nexport:\n"
                                                                     << Notes(exported.notes) << "import:\n"
                                                                     << Notes(imported->notes) << exported.json;
  EXPECT_EQ(imported->display_name, "Visit");
}

TEST(ExportTest, ADocumentWithoutPagesIsAQuestionPerPage) {
  const v1::SurveyDefinition definition = Definition(R"pb(
    default_language: "cs"
    languages: "en"
    questions {
      key: "a"
      text { key: "cs" value: "Proč?" }
      text { key: "en" value: "Why?" }
      free_text {}
      routes {
        when {
          compare {
            field: "answer.a"
            operator: OPERATOR_HAS
            value { string_value: "*" }
          }
        }
        end_with: "completed"
      }
    }
    questions {
      key: "b"
      text { key: "cs" value: "Jak?" }
      text { key: "en" value: "How?" }
      rating {}
    }
    endings {
      key: "completed"
      title { key: "cs" value: "Díky" }
      title { key: "en" value: "Thanks" }
    }
  )pb");
  const Exported exported = MustExport(definition, "Název");
  EXPECT_EQ(json::parse(exported.json)["questionsOnPageMode"], "questionPerPage");
  EXPECT_EQ(json::parse(exported.json)["pages"][0]["elements"][0]["title"]["default"], "Why?");
  const absl::StatusOr<Imported> imported = Import(exported.json);
  ASSERT_TRUE(imported.ok()) << imported.status();
  EXPECT_EQ(imported->definition.ShortDebugString(), definition.ShortDebugString())
      << exported.json << Notes(imported->notes);
  EXPECT_EQ(imported->display_name, "Název");
}

TEST(ExportTest, RoutesThatNoTriggerCanSayHideWhatTheyLeaveOut) {
  const v1::SurveyDefinition definition = Definition(R"pb(
    default_language: "en"
    questions {
      key: "age"
      text { key: "en" value: "Age" }
      number {}
    }
    questions {
      key: "sorry"
      text { key: "en" value: "Too young" }
      statement {}
      show_if {
        compare {
          field: "answer.age"
          operator: OPERATOR_LESS
          value { number_value: 18 }
        }
      }
      routes { end_with: "out" }
    }
    questions {
      key: "more"
      text { key: "en" value: "More" }
      free_text {}
    }
    endings {
      key: "done"
      title { key: "en" value: "Done" }
    }
    endings {
      key: "out"
      title { key: "en" value: "Bye" }
    }
  )pb");
  const Exported exported = MustExport(definition);
  const json document = json::parse(exported.json);
  EXPECT_EQ(document["pages"][0]["elements"][2]["visibleIf"], "!({age} < 18)");
  EXPECT_EQ(document["completedHtmlOnCondition"][0]["expression"], "{age} < 18");
  EXPECT_THAT(Notes(exported.notes), HasSubstr("hiding the questions"));
  EXPECT_THAT(Notes(exported.notes), HasSubstr("endings[1].key"));
}

TEST(ExportTest, WhatSurveyJsCannotSayIsNoted) {
  const v1::SurveyDefinition definition = Definition(R"pb(
    default_language: "en"
    breakdowns: "contact.country"
    questions {
      key: "a"
      text { key: "en" value: "{{contact.name|friend}}" }
      csat { points: 7 }
      tags { touchpoint: "shop" }
      show_if {
        compare {
          field: "contact.city"
          operator: OPERATOR_EQUAL
          value { string_value: "Pra*" }
        }
      }
    }
    questions {
      key: "b"
      text { key: "en" value: "B" }
      number { unit { key: "en" value: "kg" } }
      routes {
        when {
          compare {
            field: "answer.b"
            operator: OPERATOR_EQUAL
            value { number_value: 1 }
          }
        }
        skip_to: "d"
      }
      routes {
        when {
          compare {
            field: "answer.b"
            operator: OPERATOR_EQUAL
            value { number_value: 2 }
          }
        }
        skip_to: "d"
      }
    }
    questions {
      key: "c"
      text { key: "en" value: "C" }
      free_text { pattern: PATTERN_NUMBER }
    }
    questions {
      key: "d"
      text { key: "en" value: "D" }
      consent { document: "terms-1" }
    }
    quotas { key: "q" limit: 5 }
    closed_text { key: "en" value: "Closed" }
  )pb");
  const Exported exported = MustExport(definition, "Name");
  const std::string notes = Notes(exported.notes);
  for (const char* words :
       {"breakdowns", "'friend'", "satisfaction", "questions[0].tags", "star stands for anything", "unit",
        "routes before it", "must be a number", "terms-1", "quotas", "closed_text", "setVariable"}) {
    EXPECT_THAT(notes, HasSubstr(words));
  }
  EXPECT_TRUE(Import(exported.json).ok());
  EXPECT_FALSE(Export(v1::SurveyDefinition(), "").ok());
}

}  // namespace
}  // namespace canvass::surveyjs
