#include "client/demo/crowd.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "client/demo/story_parts.h"

namespace canvass::demo {
namespace {

constexpr std::size_t kBatch = 500;

}  // namespace

Crowd::Crowd(client::Client& client, const Story& story, int in_flight, const client::CallOptions& call)
    : client_(client), story_(story), call_(call), window_(in_flight), event_names_(story.encounters.size()) {}

absl::Status Crowd::PublishEvents(const Progress& progress) {
  const std::size_t total = story_.encounters.size();
  for (std::size_t begin = 0; begin < total && !failed(); begin += kBatch) {
    window_.Enter();
    PublishBatch(begin, std::min(begin + kBatch, total), progress);
  }
  window_.WaitUntilEmpty();
  absl::MutexLock lock(&mutex_);
  done_ = 0;
  return status_;
}

void Crowd::PublishBatch(std::size_t begin, std::size_t end, const Progress& progress) {
  v1::PublishEventsRequest request;
  request.set_parent(TenantName(story_));
  for (std::size_t i = begin; i < end; ++i) *request.add_events() = story_.encounters[i].event;
  client_.CallAsync(
      &client::Events::async::PublishEvents, std::move(request),
      [this, begin, end, &progress](const absl::StatusOr<v1::PublishEventsResponse>& response) {
        if (!response.ok()) Fail(response.status());
        for (std::size_t i = begin; response.ok() && i < end; ++i) {
          const v1::EventResult& result = response->results(static_cast<int>(i - begin));
          if (result.outcome() == v1::EventResult::OUTCOME_REFUSED) {
            Fail(absl::InvalidArgumentError(absl::StrCat("an event was refused: ", result.problem().message())));
          }
          if (result.outcome() == v1::EventResult::OUTCOME_DUPLICATE) ++repeated_events_;
          event_names_[i] = result.event();
        }
        Finish(static_cast<int64_t>(end - begin), progress);
      },
      call_);
}

absl::Status Crowd::Answer(const Progress& progress) {
  for (std::size_t i = 0; i < story_.encounters.size() && !failed(); ++i) {
    window_.Enter();
    FetchInvitation(i, progress);
  }
  window_.WaitUntilEmpty();
  absl::MutexLock lock(&mutex_);
  done_ = 0;
  return status_;
}

void Crowd::FetchInvitation(std::size_t index, const Progress& progress) {
  v1::ListPendingInvitationsRequest request;
  request.set_contact(ContactName(story_, story_.encounters[index].event.subject()));
  client_.CallAsync(
      &client::Invitations::async::ListPendingInvitations, std::move(request),
      [this, index, &progress](const absl::StatusOr<v1::ListPendingInvitationsResponse>& response) {
        if (!response.ok()) {
          Fail(response.status());
          return Finish(1, progress);
        }
        // The first survey of the story is the one that the data answers.
        const std::string survey = SurveyName(story_, story_.surveys.front().id);
        for (const v1::Invitation& invitation : response->invitations()) {
          if (invitation.event() == event_names_[index] && invitation.survey() == survey) {
            return Show(index, invitation, progress);
          }
        }
        // Told before: the invitation is answered and no longer pending.
        ++repeated_answers_;
        Finish(1, progress);
      },
      call_);
}

void Crowd::Show(std::size_t index, const v1::Invitation& invitation, const Progress& progress) {
  v1::AcknowledgeInvitationRequest request;
  request.set_name(invitation.name());
  request.set_action(v1::AcknowledgeInvitationRequest::ACTION_SHOWN);
  *request.mutable_time() = Timestamp(story_.encounters[index].asked_time);
  client_.CallAsync(
      &client::Invitations::async::AcknowledgeInvitation, std::move(request),
      [this, index, token = invitation.token(), &progress](const absl::StatusOr<v1::Invitation>& shown) {
        if (!shown.ok()) Fail(shown.status());
        if (!shown.ok() || !story_.encounters[index].response.has_value()) return Finish(1, progress);
        Submit(index, token, progress);
      },
      call_);
}

void Crowd::Submit(std::size_t index, const std::string& token, const Progress& progress) {
  v1::SubmitResponseRequest request;
  request.set_parent(TenantName(story_));
  request.set_invitation_token(token);
  *request.mutable_response() = *story_.encounters[index].response;
  client_.CallAsync(
      &client::Responses::async::SubmitResponse, std::move(request),
      [this, &progress](const absl::StatusOr<v1::SubmitResponseResponse>& response) {
        if (!response.ok()) Fail(response.status());
        if (response.ok()) ++(response->repeated_call() ? repeated_answers_ : answers_);
        Finish(1, progress);
      },
      call_);
}

void Crowd::Finish(int64_t count, const Progress& progress) {
  {
    absl::MutexLock lock(&mutex_);
    done_ += count;
    progress(done_, static_cast<int64_t>(story_.encounters.size()));
  }
  window_.Leave();
}

void Crowd::Fail(const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  status_.Update(status);
}

bool Crowd::failed() {
  absl::MutexLock lock(&mutex_);
  return !status_.ok();
}

}  // namespace canvass::demo
