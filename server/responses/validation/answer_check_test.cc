#include "server/responses/validation/answer_check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "server/base/testing/parse.h"

namespace canvass::responses {
namespace {

using canvass::testing::Parse;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

std::vector<FieldViolation> ViolationsIn(const v1::Question& question, const v1::Answer& answer,
                                         const AnswerPath& path = {}) {
  Violations violations;
  CheckAnswer(question, answer, path, violations);
  return violations.list();
}

// Kinds of questions, in short.
constexpr char kRating[] = "rating { points: 6 }";
constexpr char kDefaultRating[] = "rating {}";
constexpr char kSingle[] = "single_choice { options { key: 'a' } options { key: 'b' other: true } }";
constexpr char kPlainSingle[] = "single_choice { options { key: 'a' } options { key: 'b' } }";
constexpr char kMultiple[] =
    "multiple_choice { options { key: 'a' } options { key: 'b' } options { key: 'c' other: true } "
    "options { key: 'none' exclusive: true } min_choices: 2 max_choices: 3 }";
constexpr char kAnyOf[] = "multiple_choice { options { key: 'a' } options { key: 'b' } }";
constexpr char kText[] = "free_text { min_length: 3 max_length: 6 }";
constexpr char kEmail[] = "free_text { pattern: PATTERN_EMAIL }";
constexpr char kMatrix[] =
    "matrix { rows { key: 'speed' } rows { key: 'price' } columns { key: 'bad' } columns { key: 'good' } }";
constexpr char kRanking[] = "ranking { options { key: 'a' } options { key: 'b' } options { key: 'c' } }";
constexpr char kSomeRanking[] =
    "ranking { options { key: 'a' } options { key: 'b' } options { key: 'c' } min_ranked: 2 }";
constexpr char kWhole[] = "number { min: -5 max: 120 }";
constexpr char kMoney[] = "number { decimals: 2 }";
constexpr char kDate[] = "date { min: '2024-02-29' max: '2026-12-31' }";
constexpr char kAnyDate[] = "date {}";
constexpr char kConsent[] = "consent { document: 'privacy' }";
constexpr char kStatement[] = "statement {}";

struct Case {
  std::string kind;
  std::string answer;
  // Of the one violation; "ok": there is none.
  std::string field = "ok";
  std::string says = "";
};

void PrintTo(const Case& c, std::ostream* out) { *out << c.kind << " <- " << c.answer; }

class AnswerCheckTest : public ::testing::TestWithParam<Case> {};

TEST_P(AnswerCheckTest, Judges) {
  const auto question = Parse<v1::Question>(absl::StrCat("key: 'q' ", GetParam().kind));
  const auto answer = Parse<v1::Answer>(GetParam().answer);
  if (GetParam().field == "ok") {
    EXPECT_THAT(ViolationsIn(question, answer), IsEmpty());
    return;
  }
  EXPECT_THAT(ViolationsIn(question, answer),
              ElementsAre(AllOf(Field(&FieldViolation::field, GetParam().field),
                                Field(&FieldViolation::description, HasSubstr(GetParam().says)))));
}

std::string Required(const char* kind) { return absl::StrCat("required: true ", kind); }

INSTANTIATE_TEST_SUITE_P(Ratings, AnswerCheckTest,
                         ::testing::Values(Case{kRating, "score: 1"}, Case{kRating, "score: 6"},
                                           Case{kRating, "score: 7", "score", "7 is not on the scale 1 to 6"},
                                           Case{kDefaultRating, "score: 5"},
                                           Case{kDefaultRating, "score: 0", "score", "0 is not on the scale 1 to 5"},
                                           Case{kRating, "number: 3", "number", "takes `score`"},
                                           Case{kRating, "score: 3 other_text: 'x'", "other_text", "`other`"}));

INSTANTIATE_TEST_SUITE_P(
    Choices, AnswerCheckTest,
    ::testing::Values(
        Case{kSingle, "choice: 'b' other_text: 'a bus'"},
        Case{kSingle, "choice: 'a' other_text: 'a bus'", "other_text", "none is chosen at question 'q'"},
        Case{kPlainSingle, "choice: 'b' other_text: 'a bus'", "other_text", "none is chosen"},
        Case{kSingle, "dismissed: true other_text: 'a bus'", "other_text", "none is chosen"},
        Case{kMultiple, "choices { keys: 'a' keys: 'c' } other_text: 'tea'"},
        Case{kMultiple, "choices { keys: 'a' keys: 'b' } other_text: 'tea'", "other_text", "none is chosen"},
        Case{kMultiple, "choices { keys: 'none' }"},
        Case{kMultiple, "choices { keys: 'a' }", "choices", "1 options are chosen; question 'q' takes 2 to 3"},
        Case{kMultiple, "choices { keys: 'a' keys: 'none' }", "choices.keys[1]",
             "'none' cannot be chosen beside another option"},
        Case{kAnyOf, "choices {}"},
        Case{Required(kAnyOf), "choices {}", "choices", "0 options are chosen; question 'q' takes 1 to 2"},
        Case{Required(kMultiple), "choices { keys: 'none' }"}));

INSTANTIATE_TEST_SUITE_P(
    Texts, AnswerCheckTest,
    ::testing::Values(Case{kText, "text: 'abc'"}, Case{kText, "text: 'äöüßéñ'"},
                      Case{kText, "text: 'ab'", "text", "has 2 characters; question 'q' takes at least 3"},
                      Case{kText, "text: 'äö'", "text", "has 2 characters"},
                      Case{kText, "text: 'abcdefg'", "text", "has 7 characters; question 'q' takes at most 6"},
                      Case{kText, "text: ''", "text", "is empty"}, Case{kEmail, "text: 'ada@example.com'"},
                      Case{kEmail, "text: 'ada'", "text", "'ada' is not an e-mail address such as name@example.com"}));

INSTANTIATE_TEST_SUITE_P(
    Matrices, AnswerCheckTest,
    ::testing::Values(Case{kMatrix, "matrix { columns { key: 'price' value: 'bad' } }"},
                      Case{Required(kMatrix),
                           "matrix { columns { key: 'price' value: 'bad' } columns { key: 'speed' value: 'good' } }"},
                      Case{Required(kMatrix), "matrix { columns { key: 'price' value: 'bad' } }",
                           "matrix.columns.speed", "is missing: question 'q' is required, with every row"},
                      Case{kMatrix, "matrix { columns { key: 'price' value: 'fine' } }", "matrix.columns.price",
                           "'fine' is not a column of question 'q'"},
                      Case{kMatrix, "matrix { columns { key: 'taste' value: 'bad' } }", "matrix.columns.taste",
                           "'taste' is not a row of question 'q'"},
                      Case{kMatrix, "choices {}", "choices", "which takes `matrix`"}));

INSTANTIATE_TEST_SUITE_P(
    Rankings, AnswerCheckTest,
    ::testing::Values(Case{kRanking, "ranking { keys: ['c', 'a', 'b'] }"},
                      Case{kRanking, "ranking { keys: ['c', 'a'] }", "ranking",
                           "2 options are ranked; question 'q' takes 3 to 3"},
                      Case{kSomeRanking, "ranking { keys: ['c', 'a'] }"},
                      Case{kSomeRanking, "ranking { keys: ['c'] }", "ranking", "takes 2 to 3"},
                      Case{kSomeRanking, "ranking { keys: ['c', 'c'] }", "ranking.keys[1]", "'c' is chosen twice"},
                      Case{kSomeRanking, "ranking { keys: ['c', 'd'] }", "ranking.keys[1]", "'d' is not an option"},
                      Case{kSomeRanking, "ranking { keys: ['a', 'b', 'c', 'd'] }", "ranking", "4 options"},
                      Case{kSomeRanking, "choices { keys: ['a', 'b'] }", "choices", "which takes `ranking`"}));

INSTANTIATE_TEST_SUITE_P(
    Numbers, AnswerCheckTest,
    ::testing::Values(Case{kWhole, "number: -5"}, Case{kWhole, "number: 120"}, Case{kWhole, "number: -0.0"},
                      Case{kWhole, "number: -6", "number", "-6 is less than -5, the least that question 'q' takes"},
                      Case{kWhole, "number: 121", "number", "121 is more than 120, the most"},
                      Case{kWhole, "number: 1.5", "number", "1.5 has too many decimals; question 'q' takes whole"},
                      Case{kWhole, "number: nan", "number", "finite"}, Case{kWhole, "number: -inf", "number", "finite"},
                      Case{kMoney, "number: 19.99"}, Case{kMoney, "number: -0.07"}, Case{kMoney, "number: 1e300"},
                      Case{kMoney, "number: 4503599627370497.5"}, Case{kMoney, "number: 123456789012.34"},
                      Case{kMoney, "number: 0.30000000000000004", "number", "takes at most 2"},
                      Case{kMoney, "number: 19.999", "number", "19.999 has too many decimals"},
                      Case{kMoney, "number: 1e-9", "number", "takes at most 2"},
                      Case{kMoney, "text: '19.99'", "text", "which takes `number`"}));

INSTANTIATE_TEST_SUITE_P(
    Dates, AnswerCheckTest,
    ::testing::Values(Case{kDate, "date: '2024-02-29'"}, Case{kDate, "date: '2026-12-31'"},
                      Case{kDate, "date: '2024-02-28'", "date", "2024-02-28 is before 2024-02-29, the earliest"},
                      Case{kDate, "date: '2027-01-01'", "date", "is after 2026-12-31, the latest that question 'q'"},
                      Case{kAnyDate, "date: '0001-01-01'"}, Case{kAnyDate, "date: '9999-12-31'"},
                      Case{kAnyDate, "date: '2000-02-29'"},
                      Case{kAnyDate, "date: '1900-02-29'", "date", "'1900-02-29' is not a day of the calendar"},
                      Case{kAnyDate, "date: '2023-02-29'", "date", "not a day"},
                      Case{kAnyDate, "date: '2023-04-31'", "date", "not a day"},
                      Case{kAnyDate, "date: '2023-13-01'", "date", "not a day"},
                      Case{kAnyDate, "date: '2023-00-10'", "date", "not a day"},
                      Case{kAnyDate, "date: '2023-01-00'", "date", "not a day"},
                      Case{kAnyDate, "date: '0000-01-01'", "date", "not a day"},
                      Case{kAnyDate, "date: '2023-1-01'", "date", "not a day"},
                      Case{kAnyDate, "date: '2023/01/01'", "date", "not a day"},
                      Case{kAnyDate, "date: '+023-01-01'", "date", "not a day"},
                      Case{kAnyDate, "date: ''", "date", "not a day"},
                      Case{kAnyDate, "date: '2023-01-01T00:00:00Z'", "date", "not a day"},
                      Case{kAnyDate, "text: '2023-01-01'", "text", "which takes `date`"}));

INSTANTIATE_TEST_SUITE_P(
    Others, AnswerCheckTest,
    ::testing::Values(Case{kConsent, "consent: true"}, Case{kConsent, "consent: false"},
                      Case{kConsent, "dismissed: true"}, Case{Required(kConsent), "consent: true"},
                      Case{Required(kConsent), "consent: false", "consent", "must be true: question 'q' is required"},
                      Case{Required(kConsent), "dismissed: true", "dismissed", "cannot be dismissed"},
                      Case{kConsent, "choice: 'yes'", "choice", "which takes `consent`"},
                      Case{kStatement, "text: 'x'", "question", "question 'q' is a text alone and takes no answer"},
                      Case{kStatement, "dismissed: true", "question", "takes no answer"},
                      Case{kStatement, "", "question", "takes no answer"},
                      Case{kWhole, "", "", "says nothing on question 'q': give `number`"}));

TEST(AnswerPathTest, LeadsIntoTheRequestOrIntoTheAnswer) {
  const auto question = Parse<v1::Question>("key: 'q' nps {}");
  const auto answer = Parse<v1::Answer>("score: 11");
  EXPECT_EQ(ViolationsIn(question, answer)[0].field, "score");
  EXPECT_EQ(ViolationsIn(question, answer, {.list = "answers", .index = 7})[0].field, "answers[7].score");
  EXPECT_EQ(ViolationsIn(question, v1::Answer(), {.list = "answers", .index = 7})[0].field, "answers[7]");
}

TEST(OtherTextTest, HasALimitInCharacters) {
  const auto question = Parse<v1::Question>(absl::StrCat("key: 'q' ", kSingle));
  auto answer = Parse<v1::Answer>("choice: 'b'");
  for (int i = 0; i < 1000; ++i) answer.mutable_other_text()->append("é");
  EXPECT_THAT(ViolationsIn(question, answer), IsEmpty());
  answer.mutable_other_text()->append("é");
  EXPECT_THAT(ViolationsIn(question, answer),
              ElementsAre(Field(&FieldViolation::description, HasSubstr("has 1001 characters; at most 1000"))));
}

TEST(MatrixTest, NamesEveryFaultInOneOrder) {
  const auto question = Parse<v1::Question>(absl::StrCat("key: 'q' required: true ", kMatrix));
  const auto answer = Parse<v1::Answer>(
      "matrix { columns { key: 'z' value: 'good' } columns { key: 'price' value: '?' } columns { key: '\\n' } }");
  EXPECT_THAT(ViolationsIn(question, answer), ElementsAre(Field(&FieldViolation::field, "matrix.columns.speed"),
                                                          Field(&FieldViolation::field, "matrix.columns.price"),
                                                          Field(&FieldViolation::field, "matrix.columns.\\n"),
                                                          Field(&FieldViolation::field, "matrix.columns.z")));
}

// What a hostile caller sends takes no longer than it did to read.
TEST(HostileAnswerTest, StopsAtTheMostThatIsReported) {
  v1::Answer choices;
  v1::Answer matrix;
  for (int i = 0; i < 100'000; ++i) {
    choices.mutable_choices()->add_keys(absl::StrCat("k", i));
    (*matrix.mutable_matrix()->mutable_columns())[absl::StrCat("r", i)] = "good";
  }
  choices.set_other_text("x");
  EXPECT_THAT(ViolationsIn(Parse<v1::Question>(absl::StrCat("key: 'q' ", kMultiple)), choices), SizeIs(2));
  EXPECT_THAT(ViolationsIn(Parse<v1::Question>(absl::StrCat("key: 'q' ", kMatrix)), matrix),
              SizeIs(Violations::kMaxReported));
}

}  // namespace
}  // namespace canvass::responses
