// Command skeleton is the yardstick of the start-up benchmark: the libraries
// that llmctl is built on, with nothing on top.
package main

import (
	"fmt"
	"os"

	"github.com/charmbracelet/lipgloss"
	"github.com/spf13/cobra"
	"github.com/spf13/viper"
)

func main() {
	v := viper.New()
	v.SetDefault("output", "text")
	root := &cobra.Command{Use: "skeleton"}
	for _, name := range []string{"chat", "doctor", "keys", "route", "models", "explain", "version"} {
		root.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {
			fmt.Println(lipgloss.NewStyle().Bold(true).Render("skeleton"), v.GetString("output"))
		}})
	}
	root.PersistentFlags().StringP("output", "o", "", "")
	if root.Execute() != nil {
		os.Exit(1)
	}
}
