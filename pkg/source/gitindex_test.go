package source

import (
	"encoding/binary"
	"strings"
	"testing"
)

// index makes a git index as gitformat-index describes it.
func index(version uint32, hash int, names ...string) []byte {
	b := binary.BigEndian.AppendUint32([]byte("DIRC"), version)
	b = binary.BigEndian.AppendUint32(b, uint32(len(names)))
	before := ""
	for i, name := range names {
		start := len(b)
		b = append(b, make([]byte, 40)...)
		b = append(b, []byte(strings.Repeat("\xAB", hash))...)
		flags := uint16(min(len(name), 0xFFF))
		extended := version >= 3 && i%2 == 1
		if extended {
			flags |= 0x4000
		}
		b = binary.BigEndian.AppendUint16(b, flags)
		if extended {
			b = append(b, 0x20, 0)
		}
		if version == 4 {
			same := 0
			for same < len(name) && same < len(before) && name[same] == before[same] {
				same++
			}
			b = append(b, varint(len(before)-same)...)
			b = append(b, name[same:]+"\x00"...)
			before = name
			continue
		}
		b = append(b, name...)
		b = append(b, make([]byte, 8-(len(b)-start)%8)...)
	}
	return append(b, make([]byte, hash)...)
}

// varint is git's offset encoding.
func varint(n int) []byte {
	out := []byte{byte(n & 0x7F)}
	for n >>= 7; n > 0; n >>= 7 {
		n--
		out = append([]byte{byte(0x80 | n&0x7F)}, out...)
	}
	return out
}

func TestInIndex(t *testing.T) {
	names := []string{".env", "a", "a/.env", "a/" + strings.Repeat("long/", 60) + "x", "b/c/.env", "z"}
	for _, version := range []uint32{2, 3, 4} {
		for _, hash := range []int{20, 32} {
			b := index(version, hash, names...)
			for _, name := range names {
				if !inIndex(b, name) {
					t.Errorf("version %d, hash of %d: %s not found", version, hash, name)
				}
			}
			for _, name := range []string{"b/.env", "env", "", ".env.local"} {
				if inIndex(b, name) {
					t.Errorf("version %d, hash of %d: %q found", version, hash, name)
				}
			}
			for cut := range b { // a torn file is no crash
				inIndex(b[:cut], "none")
			}
		}
	}
	if inIndex([]byte("nothing"), "nothing") {
		t.Error("found in no index")
	}
}

func TestTracked(t *testing.T) {
	text := "OPENAI_API_KEY=" + key + "\n"
	with := string(index(2, 20, "sub/.env"))
	for name, c := range map[string]struct {
		files map[string]string
		want  int
	}{
		"tracked":       {map[string]string{"/r/sub/.env": text, "/r/.git/index": with}, 1},
		"not tracked":   {map[string]string{"/r/sub/.env": text, "/r/.git/index": string(index(2, 20, ".env"))}, 0},
		"no keys in it": {map[string]string{"/r/sub/.env": "A=1", "/r/.git/index": with}, 0},
		"no repository": {map[string]string{"/r/sub/.env": text}, 0},
		"no index":      {map[string]string{"/r/sub/.env": text, "/r/.git/HEAD": ""}, 0},
		"worktree":      {map[string]string{"/r/sub/.env": text, "/r/.git": "gitdir: ../main/.git/worktrees/r\n", "/main/.git/worktrees/r/index": with}, 1},
		"absolute":      {map[string]string{"/r/sub/.env": text, "/r/.git": "gitdir: /w\n", "/w/index": with}, 1},
	} {
		s, got := Read(t.Context(), newDisk(c.files).system("/r/sub", ""), Options{})
		if len(s.EnvFiles) != 1 || has(got, "dotenv.tracked") != c.want {
			t.Errorf("%s: %v %v", name, files(s), codes(got))
		}
	}
}
