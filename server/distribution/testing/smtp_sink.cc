#include "server/distribution/testing/smtp_sink.h"

#include <fcntl.h>
#include <google/protobuf/util/json_util.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "server/conditions/facts.h"

namespace canvass::distribution::testing {
namespace {

constexpr char kScript[] = "server/distribution/testing/smtp_sink.py";

[[noreturn]] void Fail(absl::string_view why) {
  const std::string text = absl::StrCat("smtp sink: ", why, "\n");
  std::fputs(text.c_str(), stderr);
  std::exit(1);
}

// A line that the process writes to its standard output.
std::string ReadLine(int fd) {
  std::string line;
  char c = 0;
  while (read(fd, &c, 1) == 1 && c != '\n') line.push_back(c);
  return line;
}

}  // namespace

SmtpSink::SmtpSink() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) Fail("no pipe");
  const std::string file = directory_.path() + "/mails";
  process_ = fork();
  if (process_ == 0) {
    dup2(ends[1], STDOUT_FILENO);
    execl("/usr/bin/python3", "python3", kScript, file.c_str(), static_cast<char*>(nullptr));
    _exit(127);
  }
  close(ends[1]);
  const std::string line = ReadLine(ends[0]);
  close(ends[0]);
  if (!absl::SimpleAtoi(line, &port_)) Fail(absl::StrCat(kScript, " did not start; it needs python3-aiosmtpd"));
}

SmtpSink::~SmtpSink() {
  kill(process_, SIGKILL);
  waitpid(process_, nullptr, 0);
}

std::string SmtpSink::url() const { return absl::StrCat("smtp://127.0.0.1:", port_); }

std::vector<google::protobuf::Struct> SmtpSink::Mails() const {
  std::vector<google::protobuf::Struct> mails;
  std::ifstream file(directory_.path() + "/mails");
  for (std::string line; std::getline(file, line);) {
    google::protobuf::Struct mail;
    if (!google::protobuf::util::JsonStringToMessage(line, &mail).ok()) Fail(line);
    mails.push_back(mail);
  }
  return mails;
}

std::string TextOf(const google::protobuf::Struct& mail, absl::string_view path) {
  const google::protobuf::Value* value = conditions::Find(mail, path);
  return value == nullptr ? "" : conditions::FactText(*value);
}

}  // namespace canvass::distribution::testing
