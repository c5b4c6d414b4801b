// SPDX-License-Identifier: Apache-2.0
#include "cli/read_keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>

#include "base/unique_fd.h"
#include "bytes/text.h"

namespace triage::cli {
namespace {

constexpr Message kAsk{"{} of the encrypted volume {}: ", "暗号化ボリューム {1} の鍵({0}): "};
constexpr const char* kNext = "write --unlock VOLUME=recovery-key:FILE, =passphrase:FILE or =keyfile:FILE; - asks";

constexpr unsigned char kControlC = 3;

struct Wanted {
  VolumeSelector volume;
  KeyKind kind = KeyKind::kPassphrase;
  std::string file;
};

Result<Wanted> parse(const std::string& word) {
  const std::size_t equals = word.find('=');
  const std::size_t colon = equals == std::string::npos ? equals : word.find(':', equals);
  if (colon == std::string::npos)
    return fail(ErrorCode::kUsage, "--unlock has not the form VOLUME=KIND:FILE", {}, 0, kNext);
  const auto volume = VolumeSelector::parse(std::string_view(word).substr(0, equals));
  const auto kind = key_kind_of_word(std::string_view(word).substr(equals + 1, colon - equals - 1));
  if (!volume) {
    return fail(ErrorCode::kUsage, "--unlock names no volume before the = sign",
                escape_terminal(word.substr(0, equals)), 0,
                "a number of `triage list --volumes`, v and the volume's first byte, or *");
  }
  if (!kind) return fail(ErrorCode::kUsage, "--unlock knows recovery-key, passphrase and keyfile", {}, 0, kNext);
  return Wanted{*volume, *kind, word.substr(colon + 1)};
}

/// Turns the echo of a terminal off for a while. Ctrl-C ends the line instead of the program, or the terminal would
/// stay silent after it.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    if (::tcgetattr(terminal, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    quiet.c_lflag &= ~static_cast<tcflag_t>(ISIG);
    quiet.c_lflag |= ECHONL;
    quiet.c_cc[VEOL] = kControlC;
    changed_ = ::tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
  }
  ~Silence() {
    if (changed_) (void)::tcsetattr(terminal_, TCSAFLUSH, &before_);  // nothing more can be done here
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

 private:
  int terminal_;
  termios before_{};
  bool changed_ = false;
};

Result<SecretBytes> ask(const Context& context, const Wanted& wanted) {
  const UniqueFd terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal.valid()) {
    return fail(ErrorCode::kUsage, "--unlock …:- asks on a terminal, and there is none", {}, 0,
                "give a file, or fd:N of an open descriptor");
  }
  const std::string prompt = text(context.lang, kAsk, key_kind_word(wanted.kind), wanted.volume.text());
  const Silence silence(terminal.get());  // before the question: it throws away what was typed before
  if (::write(terminal.get(), prompt.data(), prompt.size()) < 0) return fail(ErrorCode::kUsage, "the terminal is gone");
  SecretBytes out(4096);
  const ssize_t got = ::read(terminal.get(), out.data(), out.size());
  out.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  if (!out.empty() && out.back() == std::byte{kControlC}) return fail(ErrorCode::kInterrupted, "no key was given");
  return out;
}

Status add(const Context& context, const Wanted& wanted, UnlockKeys& keys) {
  if (wanted.file == "-") {
    TRIAGE_TRY(SecretBytes secret, ask(context, wanted));
    return keys.add(wanted.volume, wanted.kind, std::move(secret));
  }
  if (wanted.file.starts_with("fd:")) {
    int number = -1;
    const auto [end, fault] = std::from_chars(wanted.file.data() + 3, wanted.file.data() + wanted.file.size(), number);
    if (fault != std::errc{} || *end != '\0' || number < 0)
      return fail(ErrorCode::kUsage, "--unlock …:fd:N needs the number of an open descriptor");
    const UniqueFd taken(number);  // read once, then closed: no later process inherits it
    return keys.add(wanted.volume, wanted.kind, taken.get());
  }
  const UniqueFd file(::open(wanted.file.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!file.valid()) {
    return fail(
        ErrorCode::kUsage,
        fmt::format("the file of --unlock {}={}:… cannot be opened", wanted.volume.text(), key_kind_word(wanted.kind)),
        {}, errno, "the key goes into a file; it is never typed on the command line");
  }
  return keys.add(wanted.volume, wanted.kind, file.get());
}

}  // namespace

Result<std::shared_ptr<const UnlockKeys>> read_keys(const Context& context) {
  if (context.unlock.empty()) return nullptr;
  TRIAGE_TRY(UnlockKeys keys, UnlockKeys::make());
  for (const std::string& word : context.unlock) {
    TRIAGE_TRY(const Wanted wanted, parse(word));
    TRIAGE_TRY_STATUS(add(context, wanted, keys));
  }
  return std::make_shared<const UnlockKeys>(std::move(keys));
}

}  // namespace triage::cli
