// Encryption between us and a database: believed only where it is really there, and with the right certificate.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/time/clock.h"
#include "server/mysql/connection.h"
#include "server/mysql/database_url.h"
#include "server/mysql/embedded/child_process.h"
#include "server/mysql/testing/test_database.h"

namespace canvass::mysql {
namespace {

using ::testing::HasSubstr;
using testing::TemporaryDirectory;

int FreePort() {
  const int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof(address);
  EXPECT_EQ(bind(fd, reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size), 0);
  close(fd);
  return ntohs(address.sin_port);
}

class ConnectionTlsTest : public ::testing::Test {
 protected:
  void SetUp() override {
    if (FindProgram("openssl", "").empty()) GTEST_SKIP() << "no openssl program to make certificates with";
  }
  void TearDown() override {
    if (server_ <= 0) return;
    kill(server_, SIGKILL);
    ReapChild(server_);
  }

  std::string Path(absl::string_view name) const { return absl::StrCat(directory_.path(), "/", name); }

  // Runs openssl with `arguments`, separated by spaces.
  void OpenSsl(const std::string& arguments) {
    std::vector<std::string> command = {FindProgram("openssl", "")};
    for (absl::string_view word : absl::StrSplit(arguments, ' ')) command.emplace_back(word);
    const absl::StatusOr<pid_t> pid = StartChild({.command = command, .log_file = Path("openssl.log")});
    ASSERT_TRUE(pid.ok()) << pid.status();
    ASSERT_EQ(ReapChild(*pid), "exit code 0") << arguments;
  }
  // Makes `name`-ca.pem, and `name`.pem with its key for a server called `host`.
  void MakeCertificates(const std::string& name, const std::string& host) {
    const std::string base = Path(name);
    OpenSsl(absl::StrCat(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test-ca -keyout ", base,
        "-ca.key -out ", base, "-ca.pem"));
    OpenSsl(absl::StrCat("req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=", host, " -keyout ",
                         base, ".key -out ", base, ".csr"));
    std::ofstream(base + ".ext") << "subjectAltName=DNS:" << host << "\n";
    OpenSsl(absl::StrCat("x509 -req -days 2 -CAcreateserial -in ", base, ".csr -CA ", base, "-ca.pem -CAkey ", base,
                         "-ca.key -extfile ", base, ".ext -out ", base, ".pem"));
  }
  // Starts a server on a port of this machine, with the certificate `name` or without encryption.
  void StartServer(const std::string& name) {
    testing::CopyTemplate(Path("data"));
    port_ = FreePort();
    ChildOptions options = {
        .command = {FindProgram("mariadbd", ""), "--no-defaults", "--datadir=" + Path("data/mariadb"),
                    "--socket=" + Path("s"), "--pid-file=" + Path("pid"), "--skip-name-resolve",
                    "--bind-address=127.0.0.1", absl::StrCat("--port=", port_)},
        .log_file = Path("log")};
    if (geteuid() == 0) options.command.push_back("--user=root");
    if (name.empty()) {
      options.command.push_back("--skip-ssl");
    } else {
      options.command.push_back(absl::StrCat("--ssl-cert=", Path(name), ".pem"));
      options.command.push_back(absl::StrCat("--ssl-key=", Path(name), ".key"));
    }
    const absl::StatusOr<pid_t> pid = StartChild(options);
    ASSERT_TRUE(pid.ok()) << pid.status();
    server_ = *pid;
    ConnectOptions root;
    root.socket = Path("s");
    root.user = "root";
    // The socket's file is there a moment before anybody listens, so only an answer counts.
    absl::StatusOr<std::unique_ptr<Connection>> connection = Connection::Open(root);
    for (int i = 0; i < 1000 && !connection.ok(); ++i) {
      absl::SleepFor(absl::Milliseconds(20));
      connection = Connection::Open(root);
    }
    ASSERT_TRUE(connection.ok()) << connection.status();
    ASSERT_TRUE((*connection)->ExecuteText("CREATE USER 'u'@'127.0.0.1' IDENTIFIED BY 'secret'").ok());
  }
  absl::StatusOr<std::unique_ptr<Connection>> Open(const std::string& parameters) {
    const absl::StatusOr<ConnectOptions> options =
        ParseDatabaseUrl(absl::StrCat("mysql://u:secret@localhost:", port_, "/", parameters));
    if (!options.ok()) return options.status();
    return Connection::Open(*options);
  }

  TemporaryDirectory directory_;
  pid_t server_ = 0;
  int port_ = 0;
};

TEST_F(ConnectionTlsTest, WithTheRightAuthorityTheConnectionIsEncrypted) {
  MakeCertificates("good", "localhost");
  MakeCertificates("other", "localhost");
  StartServer("good");
  const auto connection = Open(absl::StrCat("?ssl-ca=", Path("good-ca.pem")));
  ASSERT_TRUE(connection.ok()) << connection.status();
  const absl::StatusOr<Rows> cipher = (*connection)->Query("SHOW SESSION STATUS LIKE 'Ssl_cipher'");
  ASSERT_TRUE(cipher.ok());
  EXPECT_NE(cipher->front().String(1), "");

  const absl::Status stranger = Open(absl::StrCat("?ssl-ca=", Path("other-ca.pem"))).status();
  EXPECT_EQ(stranger.code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(stranger.message()), HasSubstr("ssl-ca"));
}

TEST_F(ConnectionTlsTest, ACertificateOfAnotherHostIsRefused) {
  MakeCertificates("elsewhere", "db.example.com");
  StartServer("elsewhere");
  const absl::Status status = Open(absl::StrCat("?ssl-ca=", Path("elsewhere-ca.pem"))).status();
  EXPECT_EQ(status.code(), absl::StatusCode::kFailedPrecondition) << status;
}

TEST_F(ConnectionTlsTest, AServerWithoutEncryptionIsRefusedWhereItWasAskedFor) {
  MakeCertificates("unused", "localhost");
  StartServer("");
  EXPECT_FALSE(Open(absl::StrCat("?ssl-ca=", Path("unused-ca.pem"))).ok());
  const auto plain = Open("?ssl=off");
  EXPECT_TRUE(plain.ok()) << plain.status();
}

}  // namespace
}  // namespace canvass::mysql
