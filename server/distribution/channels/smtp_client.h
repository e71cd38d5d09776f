// Hands mails to the operator's relay. Connections stay open between mails.
//
//   SmtpClient client({.url = "smtp://relay.internal:587", .user = …, .password = …});
//   const SendResult result = client.Send({.from = …, .to = …, .data = message});
//
// Thread-safe; blocks.
#ifndef CANVASS_SERVER_DISTRIBUTION_CHANNELS_SMTP_CLIENT_H_
#define CANVASS_SERVER_DISTRIBUTION_CHANNELS_SMTP_CLIENT_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "server/distribution/channels/channel.h"
#include "server/distribution/channels/transfer.h"

namespace canvass::distribution {

struct SmtpOptions {
  // `smtp://host:port`, upgraded by STARTTLS or refused unless the host is this machine; or `smtps://host:port`. Empty:
  // no mail can be sent.
  std::string url;
  // None if empty.
  std::string user = {};
  std::string password = {};
  // Certificates to trust instead of the system's, a file; empty: the system's.
  std::string ca_file = {};
  TransferLimits limits = {.connect = absl::Seconds(10), .total = absl::Seconds(60)};
};

// Checks `options` for the operator: InvalidArgument if the url is not one of the above.
absl::Status CheckSmtpOptions(const SmtpOptions& options);

struct Mail {
  // Of the envelope.
  std::string from;
  std::string to;
  // Header and body, lines ended by CRLF.
  std::string data;
};

// Whether a relay's refusal of a recipient (`code`, and its words) says that there is no such mailbox, rather than that
// the relay does not take our mail: RFC 3463's codes where it gives them, else its words.
bool SaysNoSuchMailbox(int code, absl::string_view reply);

// A relay's words without mail addresses, at most 300 bytes.
std::string WithoutAddresses(absl::string_view reply);

class SmtpClient {
 public:
  explicit SmtpClient(SmtpOptions options);
  ~SmtpClient();

  const SmtpOptions& options() const { return options_; }

  // Retry: a 4xx or no reply. Refused: a 5xx; bounced if it is the recipient who does not exist.
  SendResult Send(const Mail& mail);

 private:
  std::unique_ptr<Transfer> Take();
  void PutBack(std::unique_ptr<Transfer> transfer);

  const SmtpOptions options_;
  absl::Mutex mutex_;
  // Those that nobody uses, each with its open connection.
  std::vector<std::unique_ptr<Transfer>> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace canvass::distribution

#endif  // CANVASS_SERVER_DISTRIBUTION_CHANNELS_SMTP_CLIENT_H_
