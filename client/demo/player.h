// Tells a story to a server, as the company's own systems would: provision the tenant, upload the contacts, publish the
// events, then let every customer's app fetch its invitation, show it, and send the answers.
//
// Telling a story again to the same server changes nothing: events, invitations and answers are recognised.
#ifndef CANVASS_CLIENT_DEMO_PLAYER_H_
#define CANVASS_CLIENT_DEMO_PLAYER_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "client/cpp/client.h"
#include "client/demo/story.h"

namespace canvass::demo {

// What telling took.
struct Telling {
  int64_t events = 0;
  int64_t repeated_events = 0;
  absl::Duration event_time;
  int64_t answers = 0;
  int64_t repeated_answers = 0;
  absl::Duration answer_time;
};

// Called as work goes on: what it is, how much is done, out of how much. From several threads, one at a time.
using Progress = std::function<void(absl::string_view what, int64_t done, int64_t total)>;

class Player {
 public:
  struct Options {
    std::string address;
    std::string operator_credential;
    // Customers who answer at the same time.
    int in_flight = 256;
    // How long a call may be retried before the telling gives up.
    absl::Duration patience = absl::Minutes(2);
  };

  Player(Options options, Progress progress) : options_(std::move(options)), progress_(std::move(progress)) {}

  // Returns what it took, or the first refusal.
  absl::StatusOr<Telling> Tell(const Story& story);

  // A client with the key of the story told last.
  client::Client& client() { return *client_; }
  const std::string& credential() const { return credential_; }

 private:
  absl::Status Provision(const Story& story);
  absl::Status MakeKey(client::Client& operators, const Story& story);
  absl::Status ApplySurveys(const Story& story);
  absl::Status ApplyTriggers(const Story& story);
  absl::Status UploadContacts(const Story& story);
  absl::Status PublishHistory(const Story& story, Telling& telling);

  Options options_;
  Progress progress_;
  std::unique_ptr<client::Client> client_;
  std::string credential_;
};

}  // namespace canvass::demo

#endif  // CANVASS_CLIENT_DEMO_PLAYER_H_
