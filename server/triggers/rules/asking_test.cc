// The core of decisions without a database: limits are kept in memory, as a trial of triggers on past events keeps
// them.

#include "server/triggers/rules/asking.h"

#include <gmock/gmock.h>
#include <google/protobuf/text_format.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"

namespace canvass::triggers {
namespace {

using ::testing::HasSubstr;
using v1::Decision;

const absl::Time kNow = absl::FromCivil(absl::CivilSecond(2025, 6, 2, 12, 0, 0), absl::UTCTimeZone());

class LimitsInMemory final : public AskLimits {
 public:
  std::optional<absl::Time> WithinInterval(const ContactId& contact, absl::string_view clock, absl::Time due,
                                           absl::Duration interval) const override {
    std::optional<absl::Time> latest;
    for (const absl::Time time : TimesOf(contact, clock)) {
      if (absl::AbsDuration(time - due) < interval) latest = std::max(latest.value_or(time), time);
    }
    return latest;
  }
  std::optional<absl::Time> Latest(const ContactId& contact, absl::string_view clock) const override {
    return WithinInterval(contact, clock, kNow, absl::InfiniteDuration());
  }
  int64_t DueOn(const TriggerId& trigger, int64_t day) const override {
    const auto found = days_.find({trigger.value(), day});
    return found == days_.end() ? 0 : found->second;
  }
  void Ask(const ContactId& contact, absl::Span<const std::string> clocks, absl::Time due, const TriggerId& trigger,
           int64_t day) override {
    for (const std::string& clock : clocks) times_[{contact.value(), clock}].push_back(due);
    ++days_[{trigger.value(), day}];
    ++days_[{"", day}];
  }

 private:
  std::vector<absl::Time> TimesOf(const ContactId& contact, absl::string_view clock) const {
    const auto found = times_.find({contact.value(), std::string(clock)});
    return found == times_.end() ? std::vector<absl::Time>() : found->second;
  }
  std::map<std::pair<std::string, std::string>, std::vector<absl::Time>> times_;
  std::map<std::pair<std::string, int64_t>, int64_t> days_;
};

ActiveTrigger Trigger(const std::string& more) {
  v1::Trigger trigger;
  EXPECT_TRUE(
      google::protobuf::TextFormat::ParseFromString("name: 'tenants/acme/triggers/after' event_type: 'x' survey: "
                                                    "'tenants/acme/surveys/nps' channels: CHANNEL_IN_APP " +
                                                        more,
                                                    &trigger));
  return Unpack(std::move(trigger), 1);
}

class Trial {
 public:
  explicit Trial(const std::string& more) : trigger_(Trigger(more)) {
    survey_.status = {.state = v1::Survey::STATE_PUBLISHED, .published_version = 3};
  }

  Verdict Ask(const std::string& contact, absl::Time due) {
    const Terms terms{.settings = &settings, .time_zone = absl::UTCTimeZone(), .now = kNow};
    const ContactId id(contact);
    v1::Contact known;
    known.set_external_id(contact);
    Asking asking{.trigger = &trigger_, .survey = &survey_, .contact_id = &id, .contact = &known, .due = due};
    Verdict verdict = PlanAsking(terms, asking);
    if (verdict.Asks()) verdict = HoldToLimits(terms, asking, limits_, std::move(verdict));
    asked_at = asking.due;
    return verdict;
  }

  settings::TenantSettings settings;
  absl::Time asked_at;

 private:
  ActiveTrigger trigger_;
  AskedSurvey survey_;
  LimitsInMemory limits_;
};

TEST(AskingTest, ACapSaysWhichOneItIsAndWhatItSaw) {
  Trial trial("delay { seconds: 3600 } frequency_caps { interval { seconds: 2592000 } scope: SCOPE_SURVEY }");
  const absl::Time first = kNow - absl::Hours(24 * 12 + 3);
  EXPECT_TRUE(trial.Ask("ada", first).Asks());
  const Verdict verdict = trial.Ask("ada", kNow);
  EXPECT_EQ(verdict.outcome, Decision::OUTCOME_SUPPRESSED);
  EXPECT_EQ(verdict.next_eligible_time, first + absl::Hours(24 * 30) - absl::Hours(1));
  EXPECT_EQ(verdict.explanation,
            "The frequency cap allows a customer one invitation to survey 'nps' within 30 days. This one would have "
            "been due 2025-06-02 12:00:00 UTC, 12 days 3 hours after one due 2025-05-21 09:00:00 UTC. An event from "
            "2025-06-20 08:00:00 UTC on passes again.");
}

TEST(AskingTest, OnlyWhoIsAskedCountsForTheDay) {
  Trial trial("daily_limit: 2 frequency_caps { interval { seconds: 86400 } scope: SCOPE_CONTACT }");
  EXPECT_TRUE(trial.Ask("ada", kNow).Asks());
  EXPECT_EQ(trial.Ask("ada", kNow).reason, Decision::REASON_FREQUENCY_CAP);
  EXPECT_TRUE(trial.Ask("bob", kNow).Asks());
  const Verdict verdict = trial.Ask("cyd", kNow);
  EXPECT_EQ(verdict.reason, Decision::REASON_DAILY_LIMIT);
  EXPECT_THAT(verdict.explanation, HasSubstr("allows 2 invitations for 2025-06-02"));
  EXPECT_TRUE(trial.Ask("cyd", kNow + absl::Hours(12)).Asks());
}

TEST(AskingTest, TheTriggersOwnQuietHoursReplaceThePolicys) {
  Trial policy("");
  Trial own("quiet_hours { start: '01:00' end: '02:00' }");
  for (Trial* trial : {&policy, &own}) {
    v1::QuietHours& quiet = *trial->settings.policy.mutable_quiet_hours();
    quiet.set_start("11:00");
    quiet.set_end("13:00");
  }
  EXPECT_EQ(policy.Ask("ada", kNow).outcome, Decision::OUTCOME_DEFERRED);
  EXPECT_EQ(policy.asked_at, kNow + absl::Hours(1));
  EXPECT_EQ(own.Ask("ada", kNow).outcome, Decision::OUTCOME_SCHEDULED);
}

RC_GTEST_PROP(AskingTest, NobodyIsAskedTwiceWithinAnyCap, ()) {
  const int survey_hours = *rc::gen::inRange(1, 100);
  const int contact_hours = *rc::gen::inRange(1, 100);
  Trial trial(absl::StrCat("frequency_caps { interval { seconds: ", survey_hours * 3600,
                           " } scope: SCOPE_SURVEY } frequency_caps { interval { seconds: ", contact_hours * 3600,
                           " } scope: SCOPE_CONTACT }"));
  const absl::Duration gap = absl::Hours(std::max(survey_hours, contact_hours));
  std::vector<absl::Time> asked;
  for (const int hour : *rc::gen::container<std::vector<int>>(rc::gen::inRange(-500, 500))) {
    const absl::Time due = kNow + absl::Hours(hour);
    bool free = true;
    for (const absl::Time other : asked) free = free && absl::AbsDuration(due - other) >= gap;
    const Verdict verdict = trial.Ask("ada", due);
    RC_ASSERT(verdict.Asks() == free);
    if (verdict.Asks()) asked.push_back(due);
    // The promise is kept: an event of that time would pass.
    if (!free) {
      for (const absl::Time other : asked) RC_ASSERT(*verdict.next_eligible_time - other >= gap);
    }
  }
}

}  // namespace
}  // namespace canvass::triggers
