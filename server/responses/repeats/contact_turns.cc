#include "server/responses/repeats/contact_turns.h"

#include <algorithm>
#include <cstddef>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/digest.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/status_macros.h"
#include "server/mysql/value.h"

namespace canvass::responses {
namespace {

const v1::RepeatPolicy& PolicyOf(const Submission& item) { return item.version->definition().repeats(); }

absl::Time AnswerTimeOf(const Submission& item) { return FromProto(item.content.answer_time()); }

absl::Duration Distance(absl::Time a, absl::Time b) { return a < b ? b - a : a - b; }

std::string AnswersOf(const v1::Response& response) {
  v1::Response answers;
  *answers.mutable_answers() = response.answers();
  std::sort(answers.mutable_answers()->begin(), answers.mutable_answers()->end(),
            [](const v1::Answer& a, const v1::Answer& b) { return a.question() < b.question(); });
  return StableBytes(answers);
}

// What is locked for one contact and survey.
std::string TurnKey(const SurveyId& survey, const ContactId& contact) {
  return Digest16(absl::StrCat(survey.value(), "/", contact.value()));
}

}  // namespace

bool HasTurns(const Submission& item) {
  return item.refusal.ok() && item.version != nullptr && item.version->definition().has_repeats();
}

void ContactTurns::Expect(const Submission& item, const ContactId& contact) {
  if (!HasTurns(item) || contact.empty()) return;
  earlier_.try_emplace(Key(item.survey, contact));
  const v1::RepeatPolicy& policy = PolicyOf(item);
  const absl::Duration reach = std::max(FromProto(policy.contact_period()), FromProto(policy.duplicate_period()));
  first_ = std::min(first_, AnswerTimeOf(item) - reach);
  last_ = std::max(last_, AnswerTimeOf(item) + reach);
}

absl::Status ContactTurns::Lock(mysql::Transaction& tx) {
  if (earlier_.empty()) return absl::OkStatus();
  CANVASS_RETURN_IF_ERROR(LockRows(tx));
  return ReadEarlier(tx);
}

absl::Status ContactTurns::LockRows(mysql::Transaction& tx) const {
  // In one order, so that batches with the same contacts wait for each other instead of deadlocking.
  std::set<std::string> keys;
  for (const auto& [key, earlier] : earlier_) keys.insert(TurnKey(key.first, key.second));
  mysql::Params params;
  for (const std::string& key : keys) params.Add(scope_.tenant()).Add(key);
  return tx.InsertRows("INSERT INTO contact_turns (tenant_id, turn_key) VALUES", 2, params,
                       "ON DUPLICATE KEY UPDATE turn_key = VALUES(turn_key)");
}

absl::Status ContactTurns::ReadEarlier(mysql::Transaction& tx) {
  std::set<ContactId> contacts;
  for (const auto& [key, earlier] : earlier_) contacts.insert(key.second);
  const std::vector<ContactId> list(contacts.begin(), contacts.end());
  const std::size_t padded = mysql::PadCount(list.size());
  mysql::Params params;
  params.Add(scope_.tenant());
  for (std::size_t i = 0; i < padded; ++i) params.Add(list[std::min(i, list.size() - 1)]);
  params.Add(first_).Add(last_);
  CANVASS_ASSIGN_OR_RETURN(
      const mysql::Rows rows,
      tx.Query(
          absl::StrCat("SELECT survey_id, contact_id, response_id, survey_version, answer_time, create_time, "
                       "payload FROM responses FORCE INDEX (by_contact) WHERE tenant_id = ? AND contact_id IN ",
                       mysql::Placeholders(padded), " AND answer_time > ? AND answer_time < ? AND erase_time IS NULL"),
          params));
  for (const mysql::Row& row : rows) {
    const auto known = earlier_.find(Key(SurveyId(row.String(0)), ContactId(row.String(1))));
    if (known == earlier_.end()) continue;
    v1::Response content;
    if (!content.ParseFromString(row.String(6))) {
      return Error(absl::StatusCode::kInternal, v1::ERROR_REASON_INTERNAL, "a stored response cannot be read");
    }
    known->second.push_back({.id = row.Uuid(2),
                             .survey_version = static_cast<int>(row.Int(3)),
                             .answer_time = row.Time(4),
                             .create_time = row.Time(5),
                             .answers = AnswersOf(content)});
  }
  return absl::OkStatus();
}

const EarlierResponse* ContactTurns::FindSame(const Submission& item) const {
  const std::vector<EarlierResponse>* earlier = Find(item);
  if (earlier == nullptr || item.invitation.has_value() || !PolicyOf(item).has_duplicate_period()) return nullptr;
  const absl::Duration period = FromProto(PolicyOf(item).duplicate_period());
  const std::string answers = AnswersOf(item.content);
  const auto same = std::find_if(earlier->begin(), earlier->end(), [&](const EarlierResponse& one) {
    return Distance(one.answer_time, AnswerTimeOf(item)) < period && one.answers == answers;
  });
  return same == earlier->end() ? nullptr : &*same;
}

absl::Status ContactTurns::Check(const Submission& item) const {
  const std::vector<EarlierResponse>* earlier = Find(item);
  if (earlier == nullptr || !PolicyOf(item).has_contact_period()) return absl::OkStatus();
  const absl::Duration period = FromProto(PolicyOf(item).contact_period());
  for (const EarlierResponse& one : *earlier) {
    if (Distance(one.answer_time, AnswerTimeOf(item)) >= period) continue;
    return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_CONTACT_ANSWERED,
                 absl::StrCat("the contact answered survey '", item.survey.value(), "' at ",
                              absl::FormatTime(one.answer_time, absl::UTCTimeZone()),
                              "; it takes one answer of each contact in ", absl::FormatDuration(period)));
  }
  return absl::OkStatus();
}

void ContactTurns::Take(const Submission& item) {
  const auto earlier = earlier_.find(Key(item.survey, item.contact));
  if (earlier == earlier_.end()) return;
  earlier->second.push_back({.id = item.id,
                             .survey_version = item.version->version(),
                             .answer_time = AnswerTimeOf(item),
                             .create_time = item.create_time,
                             .answers = AnswersOf(item.content)});
}

const std::vector<EarlierResponse>* ContactTurns::Find(const Submission& item) const {
  if (earlier_.empty() || !HasTurns(item)) return nullptr;
  const auto earlier = earlier_.find(Key(item.survey, item.contact));
  return earlier == earlier_.end() ? nullptr : &earlier->second;
}

}  // namespace canvass::responses
