// What is exported says what was applied: nothing is lost between a file and the server.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>
#include <string>
#include <vector>

#include "client/cli/output/condition_view.h"
#include "google/protobuf/util/message_differencer.h"
#include "server/conditions/condition_text.h"
#include "tests/cli/terminal.h"

namespace canvass::terminal {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::util::MessageDifferencer;

// A survey that can be published, as the program itself writes it, with every field of a definition.
constexpr char kEverything[] = R"(id: all
display_name: 'Everything: at once, "really"'
closing: {close_time: "2035-12-31T23:00:00.500Z", max_responses: 123456}
default_language: en
languages: [cs]
title:
  en: Hello {{contact.name|you}}
  cs: Dobrý den
breakdowns: [event.store, response.language]
hidden_answers: drop

pages:
  - key: first
    starts_with: intro
    title:
      en: One
      cs: Jedna
    description:
      en: |-
        First line

        Third: line # no comment
      cs: Popis

  - key: second
    starts_with: overall
    show_if: event.total > 0.1 OR NOT event.total:*

questions:
  - key: intro
    text:
      en: Welcome
      cs: Vítejte
    statement:

  - key: recommend
    text:
      en: How likely?
      cs: Jak moc?
    help:
      en: '"0" = no'
      cs: 0 = ne
    required: true
    routes:
      - {when: {any: [answer.recommend = 3]}, skip_to: weight}
      - {when: answer.recommend = 0 AND (event.vip = true OR contact.country = "FR"), end_with: sorry}
    tags: {touchpoint: check-out, experience_level: emotional, empathy_quadrant: feels}
    nps:

  - key: overall
    text:
      en: Satisfied?
      cs: Spokojeni?
    csat: {points: 7}

  - key: effort
    text:
      en: Effort?
      cs: Námaha?
    ces: {points: 5, direction: effort_is_high}

  - key: stars
    text:
      en: Stars?
      cs: Hvězdy?
    rating:
      points: 10
      low_label:
        en: bad
        cs: špatné
      high_label:
        en: good
        cs: dobré

  - key: reason
    text:
      en: Why?
      cs: Proč?
    show_if: answer.recommend <= 6
    single_choice:
      options:
        - key: "no"
          text:
            en: "No"
            cs: Ne
        - key: other
          text:
            en: Other
            cs: Jiné
          other: true
          pinned: true
      order: shuffled

  - key: liked
    text:
      en: Liked?
      cs: Líbilo?
    multiple_choice:
      options:
        - key: a
          text:
            en: A
            cs: Á
        - key: b
          text:
            en: B
            cs: Bé
        - key: none
          text:
            en: None
            cs: Nic
          exclusive: true
      min_choices: 1
      max_choices: 2
      order: as_written

  - key: mail
    text:
      en: Address?
      cs: Adresa?
    free_text: {max_length: 200, min_length: 3, pattern: email, multiline: true}

  - key: quality
    text:
      en: Quality?
      cs: Kvalita?
    matrix:
      rows:
        - key: speed
          text:
            en: Speed
            cs: Rychlost
      columns:
        - key: bad
          text:
            en: Bad
            cs: Špatná
        - key: good
          text:
            en: Good
            cs: Dobrá
      order: shuffled

  - key: places
    text:
      en: Order?
      cs: Pořadí?
    ranking:
      options:
        - key: a
          text:
            en: A
            cs: Á
        - key: b
          text:
            en: B
            cs: Bé
      min_ranked: 1
      order: shuffled

  - key: weight
    text:
      en: Weight?
      cs: Váha?
    number: {min: 0, max: 99.5, decimals: 1, unit: {en: kg, cs: kg}}

  - key: visit
    text:
      en: When?
      cs: Kdy?
    date: {min: "2026-01-01", max: "2026-12-31"}

  - key: terms
    text:
      en: Agree?
      cs: Souhlas?
    consent: {document: privacy-2026-05}

values:
  - key: score
    aggregate:
      function: mean
      terms:
        - {field: answer.recommend, weight: 0.5}
        - {field: answer.stars}

  - key: group
    select:
      - {when: value.score >= 8, value: "true"}
      - {when: answer.recommend = 1, value: 2.5}
      - {value: false}

endings:
  - key: thanks
    title:
      en: Thanks
      cs: Děkujeme
    text:
      en: Bye
      cs: Nashle
    redirect_url: https://example.com/?a=1&b=2#c

  - key: sorry
    title:
      en: Sorry
      cs: Promiňte

quotas:
  - {key: fans, limit: 200, when: answer.recommend >= 9, ending: sorry}
closed_text:
  en: Too late
  cs: Pozdě
)";

TEST(RoundTripTest, ADefinitionWithEveryField) {
  Terminal terminal;
  const Outcome applied = terminal.Run({"survey", "apply", "-f", terminal.File("all.yaml", kEverything), "--publish"});
  ASSERT_EQ(applied.code, 0) << applied.err;
  const std::string exported = terminal.Run({"survey", "get", "all", "-o", "yaml"}).out;
  // Of the file nothing is quoted or laid out otherwise, but for spaced lists of a line each.
  EXPECT_EQ(exported, kEverything);
  const Outcome again = terminal.Run({"survey", "apply", "-f", terminal.File("again.yaml", exported)});
  EXPECT_EQ(again.err, "survey all unchanged\n");
  EXPECT_EQ(terminal.Run({"survey", "get", "all", "-o", "yaml"}).out, exported);
}

// Conditions of every form, also such as nobody would write.
class ConditionMaker {
 public:
  explicit ConditionMaker(unsigned seed) : random_(seed) {}

  v1::Condition Make(int depth) {
    v1::Condition condition;
    switch (Below(depth > 0 ? 7 : 4)) {
      case 4:
        *condition.mutable_not_() = Make(depth - 1);
        break;
      case 5:
        Fill(*condition.mutable_all(), depth);
        break;
      case 6:
        Fill(*condition.mutable_any(), depth);
        break;
      default:
        Fill(*condition.mutable_compare());
    }
    return condition;
  }

 private:
  int Below(int limit) { return std::uniform_int_distribution<int>(0, limit - 1)(random_); }
  std::string OneOf(const std::vector<std::string>& texts) {
    return texts[static_cast<std::size_t>(Below(static_cast<int>(texts.size())))];
  }

  void Fill(v1::ConditionList& list, int depth) {
    for (int i = Below(4); i > 0; --i) *list.add_conditions() = Make(depth - 1);
  }

  void Fill(v1::Comparison& compare) {
    compare.set_field(OneOf({"event.total", "answer.a_1", "contact.first name", "event.AND.x", "event.\"q\"",
                             "value.ščř", "event.a-b", "event.5", "event.*", "event.a:b"}));
    compare.set_operator_(static_cast<v1::Comparison::Operator>(1 + Below(7)));
    google::protobuf::Value& value = *compare.mutable_value();
    switch (Below(3)) {
      case 0:
        value.set_number_value(std::vector<double>{0, -0.0, -5, 0.1, 1e21, 1e-9, 1.0 / 3,
                                                   12345678901234567890.0}[static_cast<std::size_t>(Below(8))]);
        break;
      case 1:
        value.set_bool_value(Below(2) == 0);
        break;
      default:
        value.set_string_value(OneOf({"", "*", "a*", "\\*", "F\"R", "it's", "a b", "true", "5", "čau", "a\\b", "NOT",
                                      "{{x}}", "a, b: c # d", "\xF0\x9F\x91\x8D"}));
    }
  }

  std::mt19937 random_;
};

TEST(RoundTripTest, AConditionsTextIsReadAsThatVeryCondition) {
  int texts = 0;
  for (unsigned seed = 0; seed < 5000; ++seed) {
    const v1::Condition condition = ConditionMaker(seed).Make(4);
    const std::optional<std::string> text = cli::ExactConditionText(condition);
    if (!text.has_value()) continue;
    ++texts;
    const absl::StatusOr<v1::Condition> parsed = conditions::ParseCondition(*text);
    ASSERT_TRUE(parsed.ok()) << *text << ": " << parsed.status();
    ASSERT_TRUE(MessageDifferencer::Equals(*parsed, condition)) << *text << "\n" << condition.DebugString();
  }
  EXPECT_GT(texts, 3000);
}

}  // namespace
}  // namespace canvass::terminal
