#include "server/responses/response_batch.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "canvass/v1/errors.pb.h"
#include "server/base/error.h"
#include "server/base/proto_time.h"
#include "server/base/resource_name.h"
#include "server/base/status_macros.h"
#include "server/responses/response.h"

namespace canvass::responses {
namespace {

Verdict Refuse(absl::Status status) { return {.answer = std::move(status)}; }

std::vector<std::string> AnsweredBy(const v1::Response& response) {
  std::vector<std::string> answered;
  for (const v1::Answer& answer : response.answers()) answered.push_back(answer.question());
  return answered;
}

// The questions to which `item` brought answers that are not among those stored.
std::vector<std::string> HiddenAnswers(const Submission& item, const StoredResponse& stored) {
  if (!stored.answered.has_value()) return {};
  std::vector<std::string> hidden = AnsweredBy(item.content);
  hidden.insert(hidden.end(), item.hidden_answers.begin(), item.hidden_answers.end());
  std::erase_if(hidden, [&](const std::string& question) {
    return std::find(stored.answered->begin(), stored.answered->end(), question) != stored.answered->end();
  });
  return hidden;
}

v1::SubmitResponseResponse ResultOf(const TenantScope& scope, const StoredResponse& stored,
                                    const std::vector<std::string>& hidden_answers) {
  v1::SubmitResponseResponse result;
  result.set_name(ResourceName(scope.tenant(), {"responses", stored.id.ToString()}));
  result.set_survey_version(stored.survey_version);
  *result.mutable_create_time() = ToProto(stored.create_time);
  result.mutable_hidden_answers()->Assign(hidden_answers.begin(), hidden_answers.end());
  return result;
}

// What a call gets whose single-use key is taken by `stored`.
Verdict Repeat(const Submission& item, const StoredResponse& stored) {
  if (item.content_digest != stored.content_digest) {
    if (item.invitation.has_value()) {
      return Refuse(Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_INVITATION_ANSWERED,
                          "the invitation was answered before, with other answers; the first ones stay"));
    }
    return Refuse(Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_REQUEST_ID_REUSED,
                        "request_id was used before with another response; give every response its own"));
  }
  v1::SubmitResponseResponse result = ResultOf(item.scope, stored, HiddenAnswers(item, stored));
  // Its own row is there when a COMMIT went unanswered and had happened all the same: this is still the first call.
  result.set_repeated_call(stored.id != item.id);
  return {.answer = std::move(result)};
}

// Whether the invitation can be answered at `now`.
absl::Status CheckOpen(const v1::Invitation& invitation, absl::Time now) {
  if (invitation.state() == v1::Invitation::STATE_ANSWERED) {
    return Error(absl::StatusCode::kAlreadyExists, v1::ERROR_REASON_INVITATION_ANSWERED,
                 "the invitation was answered before");
  }
  if (invitation.state() == v1::Invitation::STATE_DISMISSED) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_INVITATION_NOT_OPEN,
                 "the customer dismissed the invitation; it cannot be answered any more");
  }
  if (const absl::Time expire_time = FromProto(invitation.expire_time()); expire_time <= now) {
    return Error(absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_INVITATION_EXPIRED,
                 absl::StrCat("the invitation expired at ", absl::FormatTime(expire_time, absl::UTCTimeZone())));
  }
  if (const absl::Time schedule_time = FromProto(invitation.schedule_time()); schedule_time > now) {
    return Error(
        absl::StatusCode::kFailedPrecondition, v1::ERROR_REASON_INVITATION_NOT_OPEN,
        absl::StrCat("the invitation is not due before ", absl::FormatTime(schedule_time, absl::UTCTimeZone())));
  }
  return absl::OkStatus();
}

// Whether what the caller sent fits the invitation and the version that it asks.
absl::Status CheckContent(Submission& item, const distribution::InvitationRecord& record, absl::Time now) {
  Violations violations;
  if (item.asked_version != 0 && item.asked_version != record.survey_version) {
    violations.Add("response.survey_version", absl::StrCat(item.asked_version,
                                                           " is not the version that the invitation "
                                                           "asks, which is ",
                                                           record.survey_version));
  }
  if (!item.contact.empty() && item.contact != record.contact) {
    violations.Add("response.contact", "is not the invitation's; leave it out");
  }
  Outcome outcome = Validate(item.version->definition(), {.now = now, .invitation_facts = &record.invitation.facts()},
                             item.content, violations);
  if (violations.empty()) item.Accept(std::move(outcome));
  return violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE);
}

v1::Invitation::Channel ChannelOf(const v1::Invitation& invitation) {
  return invitation.channel() == v1::Invitation::CHANNEL_UNSPECIFIED ? v1::Invitation::CHANNEL_IN_APP
                                                                     : invitation.channel();
}

}  // namespace

ResponseBatch::ResponseBatch(const BatchRooms& rooms, std::vector<Submission*> items, absl::Time now)
    : rooms_(rooms), now_(now), items_(std::move(items)) {
  // Ids begin with their time: among equal keys the earlier call stays the first.
  std::sort(items_.begin(), items_.end(), [](const Submission* a, const Submission* b) {
    const int by_tenant = a->scope.tenant().value().compare(b->scope.tenant().value());
    return by_tenant != 0 ? by_tenant < 0 : a->id < b->id;
  });
  for (const Submission* item : items_) {
    if (scopes_.empty() || scopes_.back()->tenant() != item->scope.tenant()) scopes_.push_back(&item->scope);
  }
}

absl::Status ResponseBatch::Write(mysql::Transaction& tx, int slot, KnownKeys known_keys) {
  verdicts_.clear();
  taken_.clear();
  answered_.clear();
  sent_.clear();
  cells_ = metrics::CellBatch(&rooms_.dimensions);
  absl::Span<Submission* const> rest = items_;
  while (!rest.empty()) {
    const TenantId& tenant = rest.front()->scope.tenant();
    const auto end =
        std::find_if(rest.begin(), rest.end(), [&](const Submission* item) { return item->scope.tenant() != tenant; });
    const std::size_t count = static_cast<std::size_t>(end - rest.begin());
    CANVASS_RETURN_IF_ERROR(WriteTenant(tx, rest.first(count), known_keys));
    rest.remove_prefix(count);
  }
  if (taken_.empty()) return absl::OkStatus();
  CANVASS_RETURN_IF_ERROR(rooms_.responses.Insert(tx, taken_));
  if (!answered_.empty()) CANVASS_RETURN_IF_ERROR(rooms_.invitations.MarkAnswered(tx, answered_));
  if (!sent_.empty()) CANVASS_RETURN_IF_ERROR(rooms_.decisions.MarkSent(tx, sent_));
  return cells_.Write(tx, slot);
}

absl::Status ResponseBatch::WriteTenant(mysql::Transaction& tx, absl::Span<Submission* const> items,
                                        KnownKeys known_keys) {
  stored_.clear();
  CANVASS_ASSIGN_OR_RETURN(Records records, LockInvitations(tx, items));
  FindVersions(items, records);
  QuotaCounts counts(items.front()->scope);
  for (const Submission* item : items) counts.Expect(*item);
  // Before the look for what is stored: what others stored until they let go of the counters is then seen.
  CANVASS_RETURN_IF_ERROR(counts.Lock(tx));
  CANVASS_RETURN_IF_ERROR(FindStored(tx, items, records, known_keys));
  for (Submission* item : items) verdicts_.push_back(Judge(*item, records, counts));
  return counts.Write(tx);
}

absl::StatusOr<ResponseBatch::Records> ResponseBatch::LockInvitations(mysql::Transaction& tx,
                                                                      absl::Span<Submission* const> items) {
  std::vector<Uuid> ids;
  for (const Submission* item : items) {
    if (item->invitation.has_value() && item->refusal.ok()) ids.push_back(*item->invitation);
  }
  if (ids.empty()) return Records();
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return rooms_.invitations.LockMany(tx, items.front()->scope, ids);
}

void ResponseBatch::FindVersions(absl::Span<Submission* const> items, const Records& records) {
  for (Submission* item : items) {
    if (item->version != nullptr || !item->invitation.has_value()) continue;
    const auto record = records.find(*item->invitation);
    if (record == records.end()) continue;
    item->version =
        rooms_.catalog.CachedVersion(item->scope, item->survey, record->second.survey_version).value_or(nullptr);
  }
}

absl::Status ResponseBatch::FindStored(mysql::Transaction& tx, absl::Span<Submission* const> items,
                                       const Records& records, KnownKeys known_keys) {
  std::vector<absl::string_view> keys;
  for (const Submission* item : items) {
    // What finds a limit reached may have been stored before, and have reached it.
    const bool may_be_refused = !item->refusal.ok() || IsLimited(*item);
    bool wanted = known_keys == KnownKeys::kAll || may_be_refused;
    if (!wanted && item->invitation.has_value()) {
      const auto record = records.find(*item->invitation);
      wanted = record != records.end() && record->second.invitation.state() == v1::Invitation::STATE_ANSWERED;
    }
    if (wanted) keys.push_back(item->single_use_key);
  }
  CANVASS_ASSIGN_OR_RETURN(std::vector<StoredResponse> found,
                           rooms_.responses.FindByKeys(tx, items.front()->scope, keys));
  for (StoredResponse& stored : found) {
    std::string key = stored.single_use_key;
    stored_.emplace(std::move(key), std::move(stored));
  }
  return absl::OkStatus();
}

Verdict ResponseBatch::Judge(Submission& item, Records& records, QuotaCounts& counts) {
  if (const auto stored = stored_.find(item.single_use_key); stored != stored_.end()) {
    return Repeat(item, stored->second);
  }
  if (!item.refusal.ok()) return Refuse(item.refusal);
  if (!item.invitation.has_value()) {
    if (absl::Status room = counts.Take(item); !room.ok()) return Refuse(std::move(room));
    return Take(item);
  }
  const auto record = records.find(*item.invitation);
  if (record == records.end()) {
    return Refuse(Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_INVITATION_NOT_FOUND,
                        "invitation_token: the invitation does not exist"));
  }
  if (std::optional<Verdict> verdict = JudgeInvitation(item, record->second); verdict.has_value()) return *verdict;
  if (absl::Status room = counts.Take(item); !room.ok()) return Refuse(std::move(room));
  TakeInvitation(item, record->second);
  return Take(item);
}

std::optional<Verdict> ResponseBatch::JudgeInvitation(Submission& item, const distribution::InvitationRecord& record) {
  if (absl::Status open = CheckOpen(record.invitation, now_); !open.ok()) return Refuse(std::move(open));
  if (item.version == nullptr) return Verdict{.missing_version = record.survey_version};
  if (item.valid) return std::nullopt;
  if (absl::Status fits = CheckContent(item, record, now_); !fits.ok()) return Refuse(std::move(fits));
  return std::nullopt;
}

void ResponseBatch::TakeInvitation(Submission& item, distribution::InvitationRecord& record) {
  item.contact = record.contact;
  if (item.content.channel() == v1::Invitation::CHANNEL_UNSPECIFIED) {
    item.content.set_channel(ChannelOf(record.invitation));
  }
  FoldInvitation(item, record);
  // The last use of the record: the facts go over to the response.
  if (record.invitation.has_facts()) item.content.mutable_facts()->Swap(record.invitation.mutable_facts());
}

void ResponseBatch::FoldInvitation(const Submission& item, const distribution::InvitationRecord& record) {
  const v1::Invitation& invitation = record.invitation;
  const v1::SurveyDefinition& definition = item.version->definition();
  const absl::Time answer_time = FromProto(item.content.answer_time());
  absl::Time deliver_time = answer_time;
  if (invitation.has_deliver_time()) {
    deliver_time = FromProto(invitation.deliver_time());
    cells_.AddTimeToAnswer(item.scope, item.survey, definition, invitation, answer_time - deliver_time, deliver_time);
  } else {
    // Nobody said that it was shown, but it must have been. How long it took to answer is not known.
    cells_.AddStage(item.scope, item.survey, definition, invitation, metrics::InvitationStage::kDelivered, answer_time);
    if (const auto decision = distribution::DecisionOf(invitation); decision.has_value()) {
      sent_.push_back({.tenant = item.scope.tenant(), .key = *decision});
    }
  }
  cells_.AddStage(item.scope, item.survey, definition, invitation, metrics::InvitationStage::kAnswered, deliver_time);
  answered_.push_back({.tenant = item.scope.tenant(), .invitation = record.id, .answer_time = answer_time});
}

Verdict ResponseBatch::Take(Submission& item) {
  StoredResponse stored{.id = item.id,
                        .single_use_key = item.single_use_key,
                        .content_digest = item.content_digest,
                        .survey_version = item.version->version(),
                        .create_time = item.create_time};
  if (!item.hidden_answers.empty()) stored.answered = AnsweredBy(item.content);
  Verdict verdict{.answer = ResultOf(item.scope, stored, item.hidden_answers)};
  cells_.AddResponse(item.scope, item.survey, item.version->definition(), item.content);
  taken_.push_back(&item);
  if (item.Repeatable()) stored_.emplace(item.single_use_key, std::move(stored));
  return verdict;
}

}  // namespace canvass::responses
