#include "server/responses/drafts/draft.h"

#include <google/protobuf/util/message_differencer.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <string>

#include "server/base/testing/parse.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using google::protobuf::util::MessageDifferencer;

// "q1=3 q2=7", by the questions.
std::string Answers(const v1::Response& response) {
  std::map<std::string, std::string> answers;
  for (const v1::Answer& answer : response.answers()) answers[answer.question()] = std::to_string(answer.score());
  std::string text;
  for (const auto& [question, score] : answers) text += (text.empty() ? "" : " ") + question + "=" + score;
  return text;
}

v1::SavePartialResponseRequest Save(int revision, const std::string& response) {
  v1::SavePartialResponseRequest save;
  save.set_revision(revision);
  *save.mutable_response() = Parse<v1::Response>(response);
  return save;
}

TEST(DraftTest, TheLastSaveOfAQuestionWins) {
  Draft draft;
  AddSave(Save(1, "answers { question: 'a' score: 1 } answers { question: 'b' score: 1 } language: 'en'"), draft);
  AddSave(Save(2, "answers { question: 'a' score: 2 } language: 'fr'"), draft);
  EXPECT_EQ(Answers(draft.content), "a=2 b=1");
  EXPECT_EQ(draft.content.language(), "fr");
  EXPECT_EQ(draft.revision, 2);
}

TEST(DraftTest, ALateSaveAddsOnlyWhatNoLaterOneSpokeOf) {
  Draft draft;
  AddSave(Save(1, "answers { question: 'a' score: 1 }"), draft);
  AddSave(Save(3, "answers { question: 'b' score: 3 } language: 'fr'"), draft);
  AddSave(Save(2,
               "answers { question: 'a' score: 2 } answers { question: 'b' score: 2 } "
               "answers { question: 'c' score: 2 } language: 'en' device: DEVICE_PHONE"),
          draft);
  EXPECT_EQ(Answers(draft.content), "a=2 b=3 c=2");
  EXPECT_EQ(draft.content.language(), "fr");
  EXPECT_EQ(draft.content.device(), v1::Response::DEVICE_PHONE);
  EXPECT_EQ(draft.revision, 3);
}

TEST(DraftTest, TheOrderInWhichSavesArriveDoesNotMatter) {
  const v1::SavePartialResponseRequest saves[] = {
      Save(1, "answers { question: 'a' score: 1 } answers { question: 'b' score: 1 }"),
      Save(2, "answers { question: 'b' score: 2 } answers { question: 'c' score: 2 }"),
      Save(3, "answers { question: 'c' score: 3 } answers { question: 'a' score: 3 }")};
  int order[] = {0, 1, 2};
  do {
    Draft draft;
    for (const int i : order) AddSave(saves[i], draft);
    AddSave(saves[order[0]], draft);  // sent again
    EXPECT_EQ(Answers(draft.content), "a=3 b=2 c=3") << order[0] << order[1] << order[2];
  } while (std::next_permutation(std::begin(order), std::end(order)));
}

TEST(DraftTest, WhatIsTakenBackStaysAway) {
  Draft draft;
  AddSave(Save(1, "answers { question: 'a' score: 1 }"), draft);
  v1::SavePartialResponseRequest back = Save(3, "");
  back.add_cleared_questions("a");
  AddSave(back, draft);
  AddSave(Save(2, "answers { question: 'a' score: 2 }"), draft);
  EXPECT_EQ(Answers(draft.content), "");
  AddSave(Save(4, "answers { question: 'a' score: 4 }"), draft);
  EXPECT_EQ(Answers(draft.content), "a=4");
}

TEST(DraftTest, WithoutRevisionsTheOrderOfArrivalTells) {
  Draft draft;
  AddSave(Save(0, "answers { question: 'a' score: 1 }"), draft);
  AddSave(Save(0, "answers { question: 'a' score: 2 }"), draft);
  EXPECT_EQ(Answers(draft.content), "a=2");
  EXPECT_EQ(draft.revision, 2);
}

TEST(DraftTest, TimesAndFactsAreReplacedAsAWholeButHiddenFieldsByKey) {
  const auto facts = [](const std::string& event, const std::string& hidden) {
    return "facts { fields { key: 'event' value { struct_value { " + event +
           " } } } fields { key: 'hidden' value { struct_value { " + hidden + " } } } }";
  };
  const auto number = [](const std::string& key, int value) {
    return "fields { key: '" + key + "' value { number_value: " + std::to_string(value) + " } } ";
  };
  Draft draft;
  AddSave(
      Save(1, "start_time { seconds: 1 nanos: 5 } " + facts(number("a", 1), number("plan", 1) + number("seats", 1))),
      draft);
  AddSave(Save(2, "start_time { seconds: 2 } " + facts(number("b", 2), number("seats", 2))), draft);
  EXPECT_EQ(draft.content.start_time().nanos(), 0);
  const auto expected = Parse<v1::Response>(facts(number("b", 2), number("plan", 1) + number("seats", 2)));
  EXPECT_TRUE(MessageDifferencer::Equals(draft.content.facts(), expected.facts())) << draft.content.DebugString();
  AddSave(Save(3, "language: 'en'"), draft);
  EXPECT_TRUE(MessageDifferencer::Equals(draft.content.facts(), expected.facts())) << draft.content.DebugString();
}

TEST(DraftTest, FillsWhatAResponseLacks) {
  auto response = Parse<v1::Response>("answers { question: 'a' score: 9 } language: 'en'");
  FillFrom(Parse<v1::Response>("answers { question: 'a' score: 1 } answers { question: 'b' score: 2 } language: 'fr' "
                               "start_time { seconds: 7 }"),
           response);
  EXPECT_EQ(Answers(response), "a=9 b=2");
  EXPECT_EQ(response.language(), "en");
  EXPECT_EQ(response.start_time().seconds(), 7);
}

}  // namespace
}  // namespace canvass::responses
