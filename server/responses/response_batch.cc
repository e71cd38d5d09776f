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
#include "server/responses/response_name.h"

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

// What a call gets whose response is one that its contact sent before.
Verdict SentAgain(const Submission& item, const EarlierResponse& earlier) {
  v1::SubmitResponseResponse result = ResultOf(
      item.scope, {.id = earlier.id, .survey_version = earlier.survey_version, .create_time = earlier.create_time},
      item.hidden_answers);
  result.set_repeated_call(true);
  return {.answer = std::move(result)};
}

// Makes of what the caller sent the whole response. May be called again, with what the draft is then.
void TakeDraft(const Draft& draft, Submission& item) {
  item.content = item.sent;
  FillFrom(draft.content, item.content);
  item.valid = false;
  if (item.contact.empty() && !item.invitation.has_value()) {
    // It was checked when it was saved.
    item.contact = ParseContactName(item.scope, draft.content.contact()).value_or(ContactId());
  }
  if (item.content.channel() == v1::Invitation::CHANNEL_UNSPECIFIED && !item.invitation.has_value()) {
    item.content.set_channel(v1::Invitation::CHANNEL_LINK);
  }
  item.content.clear_survey();
  item.content.clear_survey_version();
  item.content.clear_contact();
}

// Whether there is a draft for the item to complete: `draft` is it, or null.
absl::Status CheckDraft(const Submission& item, const Draft* draft) {
  if (draft == nullptr) {
    return Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_PARTIAL_RESPONSE_NOT_FOUND,
                 "nothing is saved of this response to complete");
  }
  if (item.invitation.has_value() || LastSegment(draft->content.survey()) == item.survey.value()) {
    return absl::OkStatus();
  }
  return FieldError(v1::ERROR_REASON_INVALID_FIELD, "response.survey",
                    absl::StrCat("is another one than was saved for, ", draft->content.survey()));
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

// Whether what the caller sent fits `version`, which the invitation or draft asks.
absl::Status CheckContent(Submission& item, int version, const distribution::InvitationRecord* record, absl::Time now) {
  Violations violations;
  if (item.asked_version != 0 && item.asked_version != version) {
    violations.Add("response.survey_version",
                   absl::StrCat(item.asked_version, " is not the version that the ",
                                record == nullptr ? "partial response" : "invitation", " asks, which is ", version));
  }
  if (record != nullptr && !item.contact.empty() && item.contact != record->contact) {
    violations.Add("response.contact", "is not the invitation's; leave it out");
  }
  const ResponseContext context = {.now = now,
                                   .invitation_facts = record == nullptr ? nullptr : &record->invitation.facts(),
                                   .missing_hidden = item.missing_hidden,
                                   .drop_hidden_answers = item.draft.has_value()};
  Outcome outcome = Validate(item.version->definition(), context, item.content, violations);
  if (violations.empty()) item.Accept(std::move(outcome));
  return violations.ToStatus(v1::ERROR_REASON_INVALID_RESPONSE);
}

// Who answers, as far as it is known: an invitation says whom it is to.
ContactId ContactOf(const Submission& item, const absl::flat_hash_map<Uuid, distribution::InvitationRecord>& records) {
  if (!item.invitation.has_value()) return item.contact;
  const auto record = records.find(*item.invitation);
  return record == records.end() ? ContactId() : record->second.contact;
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
  const TenantScope& scope = items.front()->scope;
  stored_.clear();
  completed_.clear();
  CANVASS_ASSIGN_OR_RETURN(Records records, LockInvitations(tx, items));
  CANVASS_RETURN_IF_ERROR(TakeDrafts(tx, items));
  FindVersions(items, records);
  ContactTurns turns(scope);
  QuotaCounts counts(scope);
  for (const Submission* item : items) {
    turns.Expect(*item, ContactOf(*item, records));
    counts.Expect(*item);
  }
  // Before the look for what is stored: what others stored until they let go of the locks is then seen.
  CANVASS_RETURN_IF_ERROR(turns.Lock(tx));
  CANVASS_RETURN_IF_ERROR(counts.Lock(tx));
  CANVASS_RETURN_IF_ERROR(FindStored(tx, items, records, known_keys));
  for (Submission* item : items) verdicts_.push_back(Judge(*item, records, turns, counts));
  CANVASS_RETURN_IF_ERROR(DraftStore::DeleteMany(tx, scope, completed_));
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

absl::Status ResponseBatch::TakeDrafts(mysql::Transaction& tx, absl::Span<Submission* const> items) {
  std::vector<Uuid> ids;
  for (const Submission* item : items) {
    if (item->draft.has_value() && item->refusal.ok()) ids.push_back(*item->draft);
  }
  std::sort(ids.begin(), ids.end());
  CANVASS_ASSIGN_OR_RETURN(drafts_, DraftStore::LockMany(tx, items.front()->scope, ids, now_));
  for (Submission* item : items) {
    if (const Draft* draft = FindDraft(*item); draft != nullptr) TakeDraft(*draft, *item);
  }
  return absl::OkStatus();
}

void ResponseBatch::FindVersions(absl::Span<Submission* const> items, const Records& records) {
  for (Submission* item : items) {
    const int version = VersionOf(*item, records);
    if (item->version != nullptr || version == 0) continue;
    item->version = rooms_.catalog.CachedVersion(item->scope, item->survey, version).value_or(nullptr);
  }
}

int ResponseBatch::VersionOf(const Submission& item, const Records& records) const {
  if (item.invitation.has_value()) {
    const auto record = records.find(*item.invitation);
    return record == records.end() ? 0 : record->second.survey_version;
  }
  const Draft* draft = FindDraft(item);
  return draft == nullptr ? 0 : draft->content.survey_version();
}

const Draft* ResponseBatch::FindDraft(const Submission& item) const {
  const auto draft = item.draft.has_value() ? drafts_.find(*item.draft) : drafts_.end();
  return draft == drafts_.end() ? nullptr : &draft->second;
}

absl::Status ResponseBatch::FindStored(mysql::Transaction& tx, absl::Span<Submission* const> items,
                                       const Records& records, KnownKeys known_keys) {
  std::vector<absl::string_view> keys;
  for (const Submission* item : items) {
    // What finds a limit reached may have been stored before, and have reached it.
    const bool may_be_refused = !item->refusal.ok() || IsLimited(*item) || HasTurns(*item);
    bool wanted =
        known_keys == KnownKeys::kAll || may_be_refused || (item->draft.has_value() && FindDraft(*item) == nullptr);
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

Verdict ResponseBatch::Judge(Submission& item, Records& records, ContactTurns& turns, QuotaCounts& counts) {
  if (const auto stored = stored_.find(item.single_use_key); stored != stored_.end()) {
    return Repeat(item, stored->second);
  }
  if (!item.refusal.ok()) return Refuse(item.refusal);
  if (item.draft.has_value()) {
    if (absl::Status draft = CheckDraft(item, FindDraft(item)); !draft.ok()) return Refuse(std::move(draft));
  }
  distribution::InvitationRecord* record = nullptr;
  if (item.invitation.has_value()) {
    const auto found = records.find(*item.invitation);
    if (found == records.end()) {
      return Refuse(Error(absl::StatusCode::kNotFound, v1::ERROR_REASON_INVITATION_NOT_FOUND,
                          "invitation_token: the invitation does not exist"));
    }
    record = &found->second;
    if (absl::Status open = CheckOpen(record->invitation, now_); !open.ok()) return Refuse(std::move(open));
  }
  if (item.version == nullptr) return {.missing_version = VersionOf(item, records)};
  if (!item.valid) {
    absl::Status fits = CheckContent(item, VersionOf(item, records), record, now_);
    if (!fits.ok()) return Refuse(std::move(fits));
  }
  return JudgeLimits(item, record, turns, counts);
}

Verdict ResponseBatch::JudgeLimits(Submission& item, distribution::InvitationRecord* record, ContactTurns& turns,
                                   QuotaCounts& counts) {
  if (record != nullptr) item.contact = record->contact;
  if (const EarlierResponse* same = turns.FindSame(item); same != nullptr) return SentAgain(item, *same);
  if (absl::Status turn = turns.Check(item); !turn.ok()) return Refuse(std::move(turn));
  if (absl::Status room = counts.Take(item); !room.ok()) return Refuse(std::move(room));
  if (record != nullptr) TakeInvitation(item, *record);
  if (item.draft.has_value()) completed_.push_back(*item.draft);
  turns.Take(item);
  return Take(item);
}

void ResponseBatch::TakeInvitation(Submission& item, distribution::InvitationRecord& record) {
  if (item.content.channel() == v1::Invitation::CHANNEL_UNSPECIFIED) {
    item.content.set_channel(ChannelOf(record.invitation));
  }
  FoldInvitation(item, record);
  // The last use of the record: the facts go over to the response, which may have brought hidden fields.
  if (!record.invitation.has_facts()) return;
  item.content.mutable_facts()->Swap(record.invitation.mutable_facts());
  MoveHidden(*record.invitation.mutable_facts(), *item.content.mutable_facts());
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
