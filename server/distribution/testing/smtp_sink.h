// A real mail relay for tests, as a process of its own: see smtp_sink.py.
//
//   SmtpSink sink;
//   SmtpClient client({.url = sink.url()});
//   … for (const google::protobuf::Struct& mail : sink.Mails()) …
//
// A sink that does not start ends the process with a message. Not thread-safe.
#ifndef CANVASS_SERVER_DISTRIBUTION_TESTING_SMTP_SINK_H_
#define CANVASS_SERVER_DISTRIBUTION_TESTING_SMTP_SINK_H_

#include <google/protobuf/struct.pb.h>
#include <sys/types.h>

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::distribution::testing {

class SmtpSink {
 public:
  SmtpSink();
  ~SmtpSink();
  SmtpSink(const SmtpSink&) = delete;
  SmtpSink& operator=(const SmtpSink&) = delete;

  std::string url() const;
  // What has arrived, with from, to, headers, content_type, text, html, raw.
  std::vector<google::protobuf::Struct> Mails() const;

 private:
  mysql::testing::TemporaryDirectory directory_;
  pid_t process_ = -1;
  int port_ = 0;
};

// A text of a mail: `text`, or `headers.Subject`.
std::string TextOf(const google::protobuf::Struct& mail, absl::string_view path);

}  // namespace canvass::distribution::testing

#endif  // CANVASS_SERVER_DISTRIBUTION_TESTING_SMTP_SINK_H_
