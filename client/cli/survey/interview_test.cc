#include "client/cli/survey/interview.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "client/cli/testing/parse.h"
#include "google/protobuf/util/message_differencer.h"

namespace canvass::cli {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

// What one question makes of lines that are typed.
struct Conversation {
  absl::StatusOr<Reply> reply;
  std::string shown;
};

Conversation Type(const std::string& question, const std::string& lines) {
  std::istringstream in(lines);
  std::string shown;
  const Say say = [&shown](absl::string_view text) { shown += std::string(text); };
  Interview interview(LineReplies(in, say), AskAgain::kYes, say, {});
  absl::StatusOr<Reply> reply =
      interview.Ask(Parse<v1::Question>("key: 'q' text { key: 'en' value: 'Ask?' } " + question));
  return {std::move(reply), shown};
}

v1::Answer Answer(const std::string& question, const std::string& lines) {
  const Conversation said = Type(question, lines);
  EXPECT_TRUE(said.reply.ok()) << said.reply.status();
  EXPECT_EQ(said.reply->kind, Reply::Kind::kAnswer) << said.shown;
  return said.reply.ok() ? said.reply->answer : v1::Answer();
}

std::string Options(const char* kind) {
  return std::string(kind) +
         " { options { key: 'price' text { key: 'en' value: 'The price' } }"
         "   options { key: 'other' text { key: 'en' value: 'Another' } other: true } }";
}

constexpr char kMatrix[] =
    "matrix { rows { key: 'speed' text { key: 'en' value: 'Speed' } } rows { key: 'taste' text { key: 'en' value: 'T' "
    "} }"
    "  columns { key: 'bad' text { key: 'en' value: 'Bad' } } columns { key: 'good' text { key: 'en' value: 'Good' } } "
    "}";

TEST(InterviewTest, TakesNumbersForOptions) {
  EXPECT_EQ(Answer(Options("single_choice"), "1\n").choice(), "price");
  EXPECT_EQ(Answer(Options("single_choice"), "price\n").choice(), "price");
  const v1::Answer other = Answer(Options("single_choice"), "2:the smell, mostly\n");
  EXPECT_EQ(other.choice(), "other");
  EXPECT_EQ(other.other_text(), "the smell, mostly");
  EXPECT_THAT(Answer(Options("multiple_choice"), "1, 2:so\n").choices().keys(),
              ::testing::ElementsAre("price", "other"));
  EXPECT_THAT(Answer(Options("multiple_choice"), "1 2\n").choices().keys(), ::testing::ElementsAre("price", "other"));
  EXPECT_THAT(Answer(Options("ranking"), "2,1\n").ranking().keys(), ::testing::ElementsAre("other", "price"));
}

TEST(InterviewTest, AsksAMatrixRowByRow) {
  const v1::Answer answer = Answer(kMatrix, "2\n\n");
  EXPECT_EQ(answer.matrix().columns().size(), 1u);
  EXPECT_EQ(answer.matrix().columns().at("speed"), "good");
  EXPECT_EQ(Answer(kMatrix, "speed:bad,taste:good\n").matrix().columns().at("taste"), "good");
  EXPECT_EQ(Type(kMatrix, "\n\n").reply->kind, Reply::Kind::kNone);
}

TEST(InterviewTest, ShowsWhatIsWanted) {
  EXPECT_THAT(Type("nps {} required: true", "5\n").shown, HasSubstr("Ask? *\n(0 to 10) > "));
  EXPECT_THAT(Type("csat { points: 7 }", "5\n").shown, HasSubstr("(1 to 7; Enter: none, -: dismiss) > "));
  EXPECT_THAT(Type("number { min: 1 max: 9.5 decimals: 1 unit { key: 'en' value: 'kg' } }", "5\n").shown,
              HasSubstr("a number from 1 to 9.5, up to 1 decimals, in kg"));
  EXPECT_THAT(Type("date { min: '2026-01-01' }", "2026-02-01\n").shown, HasSubstr("from 2026-01-01"));
  const std::string options = Type(Options("single_choice"), "1\n").shown;
  EXPECT_THAT(options, HasSubstr("   1  The price\n   2  Another (2:your words)\n"));
}

TEST(InterviewTest, AsksAgainUntilItCanRead) {
  const Conversation said = Type("nps {} required: true", "\n-\nmany\n7\n");
  ASSERT_TRUE(said.reply.ok());
  EXPECT_EQ(said.reply->answer.score(), 7);
  EXPECT_THAT(said.shown, HasSubstr("an answer is required\n"));
  EXPECT_THAT(said.shown, HasSubstr("'many' is not a score"));
  EXPECT_THAT(Type(Options("single_choice"), "3\n1\n").shown, HasSubstr("'3' is none of the options"));
}

TEST(InterviewTest, LetsOptionalQuestionsGoAndStepsBack) {
  EXPECT_EQ(Type("nps {}", "\n").reply->kind, Reply::Kind::kNone);
  EXPECT_TRUE(Answer("nps {}", "-\n").dismissed());
  EXPECT_EQ(Type("nps {}", "b\n").reply->kind, Reply::Kind::kBack);
  EXPECT_EQ(Type("statement {}", "\n").reply->kind, Reply::Kind::kNone);
  EXPECT_TRUE(absl::IsOutOfRange(Type("nps {}", "").reply.status()));
}

TEST(InterviewTest, TakesAnswersFromAMap) {
  const absl::StatusOr<std::vector<Node>> nodes =
      ParseYaml("q: [price, 'other:so']\nm: {speed: good}\nn: 5\nd: '-'\nbad: x\nt: b\n");
  ASSERT_TRUE(nodes.ok());
  Interview interview(MapReplies(nodes->front()), AskAgain::kNo, [](absl::string_view) {}, {});
  const auto ask = [&](const std::string& key, const std::string& kind) {
    return interview.Ask(Parse<v1::Question>("key: '" + key + "' " + kind));
  };
  EXPECT_EQ(ask("q", Options("multiple_choice"))->answer.other_text(), "so");
  EXPECT_EQ(ask("m", kMatrix)->answer.matrix().columns().at("speed"), "good");
  EXPECT_EQ(ask("n", "nps {}")->answer.score(), 5);
  EXPECT_EQ(ask("t", "free_text {}")->answer.text(), "b");
  EXPECT_TRUE(ask("d", "nps {}")->answer.dismissed());
  EXPECT_EQ(ask("absent", "nps {}")->kind, Reply::Kind::kNone);
  EXPECT_EQ(ask("bad", "nps {}").status().message(), "bad: 'x' is not a score: a whole number");
  EXPECT_EQ(ask("absent", "nps {} required: true").status().message(), "absent: an answer is required");
}

TEST(InterviewTest, WhatOthersWroteCannotSteerTheTerminal) {
  EXPECT_THAT(Type("nps {} help { key: 'en' value: '\\033[31mred' }", "5\n").shown, Not(HasSubstr("\x1b")));
}

}  // namespace
}  // namespace canvass::cli
